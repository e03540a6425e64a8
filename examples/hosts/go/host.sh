# Go by cgo.
if need go golang-go gcc; then
  (cd "$here/go" && CGO_CFLAGS="-I$include" CGO_LDFLAGS="-L$out" GOFLAGS=-mod=mod GOCACHE="$out/go-cache" go build -o "$out/go" .)
  host go "$out/go" "$here"
else
  skip go "there is no Go"
fi
