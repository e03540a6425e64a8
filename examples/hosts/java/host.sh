# Java 17 by JNA, as Debian has both.
jna=/usr/share/java/jna.jar
if need javac openjdk-17-jdk-headless && { [ -e "$jna" ] || { [ "$(id -u)" = 0 ] && apt-get install -y --no-install-recommends libjna-java >"$out/apt.log" 2>&1; }; }; then
  javac -cp "$jna" -d "$out/java" "$here/java/Commission.java"
  host java java -Djna.library.path=/usr/lib/x86_64-linux-gnu/jni -cp "$jna:$out/java" Commission "$here"
else
  skip java "there is no Java or no JNA"
fi
