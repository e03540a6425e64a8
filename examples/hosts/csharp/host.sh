# C# by P/Invoke, on Mono as Debian has it.
if need mcs mono-mcs mono-runtime && command -v mono >/dev/null; then
  mcs -out:"$out/commission.exe" "$here/csharp/Commission.cs"
  host csharp mono "$out/commission.exe" "$here"
else
  skip csharp "there is no Mono"
fi
