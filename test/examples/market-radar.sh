while true; do
  curl -s https://news.example.com/markets.rss |
    grep -oP '<title>(<!\[CDATA\[)?\K[^<\]]+' | sed "s/&amp;/\&/g; s/&#0*39;\|&apos;/'/g"
  sleep 300
done | imesde --new -s 0.4 \
  -w "central bank interest rates" --label rates -w "crude oil supply and price" --label oil \
  -w "profit or sales of a company" --label earnings -w "merger or acquisition" --label deals
