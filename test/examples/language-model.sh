imesde -F app.log --fifo app.ctl &
imesde ask "payment failed" --fifo app.ctl --json |
  jq -s '{ model: "llama3.2", messages: [{ role: "user", content: (
    "Why can customers not pay? Answer from these log lines alone:\n" +
    (map("\(.count)× \(.text)") | join("\n"))) }] }' |
  curl -s http://localhost:11434/v1/chat/completions -H "Content-Type: application/json" -d @- |
  jq -r '.choices[0].message.content'
