curl -sN https://stream.wikimedia.org/v2/stream/recentchange | sed -un 's/^data: //p' |
  imesde -w "revert of vandalism" -w "offensive text removed" --field comment,title \
    --where type=edit --where bot=false --where server_name=en.wikipedia.org |
  jq -c --unbuffered '[.title, .comment]'
