# Java 17 by JNA, as Debian has both.
jna=/usr/share/java/jna.jar
[ -e "$jna" ] || install_packages libjna-java
if need javac openjdk-17-jdk-headless && [ -e "$jna" ]; then
  javac -cp "$jna" -d "$out/java" "$here/java/Commission.java"
  host java java -Djna.library.path="$(echo /usr/lib/*-linux-gnu/jni)" -cp "$jna:$out/java" Commission "$here"
else
  skip java "there is no Java or no JNA"
fi
