# Node by koffi.
modules="${GUERDON_NODE:-$root/target/hosts-node}"
if need node nodejs npm && { [ -d "$modules/node_modules/koffi" ] || npm install --silent --prefix "$modules" koffi@3 >"$out/npm.log" 2>&1; }; then
  GUERDON_NODE="$modules" host node node "$here/node/commission.js" "$here"
else
  skip node "there is no Node, or koffi cannot be installed"
fi
