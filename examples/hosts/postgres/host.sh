# A C function inside a PostgreSQL server of our own, on a free port of the loopback address.
postgres_host() {
  local bin config data port as
  bin="$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | tail -1)"
  config="$(ls /usr/bin/pg_config "$bin/pg_config" 2>/dev/null | head -1)"
  data="$out/pg"
  port="$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')"
  gcc -std=gnu11 -Wall -Werror -fPIC -shared -I"$include" -I"$("$config" --includedir-server)" "$here/postgres/guerdon_pg.c" \
    -L"$out" -lguerdon_ffi -Wl,-rpath,"$out" -o "$out/guerdon_pg.so"
  # The server does not run as root; its folder and the library must be open to the one it runs as.
  as=(env)
  if [ "$(id -u)" = 0 ]; then
    as=(runuser -u postgres -- env)
    cp --remove-destination "$library/libguerdon_ffi.so" "$out/libguerdon_ffi.so.1"
    chmod 755 "$out" "$out"/*.so*
    install -d -o postgres "$data"
  fi
  "${as[@]}" "$bin/initdb" -D "$data" -A trust -E UTF8 --no-sync >"$out/initdb.log" 2>&1 || { cat "$out/initdb.log" >&2; return 1; }
  "${as[@]}" "$bin/pg_ctl" -D "$data" -w -l "$data/log" \
    -o "-p $port -c listen_addresses=127.0.0.1 -c unix_socket_directories=$data -c fsync=off" start >/dev/null || { cat "$data/log" >&2; return 1; }
  "$bin/psql" -qX -h 127.0.0.1 -p "$port" -U postgres -v library="$out/guerdon_pg.so" -v rules="$(cat "$here/plan.guerdon")" \
    -f "$here/postgres/commission.sql" postgres
  local status=$?
  "${as[@]}" "$bin/pg_ctl" -D "$data" -m fast stop >/dev/null
  return $status
}

[ -n "$(ls /usr/lib/postgresql/*/bin/initdb 2>/dev/null)" ] || install_packages postgresql
if need pg_config postgresql-server-dev-all && [ -n "$(ls /usr/lib/postgresql/*/bin/initdb 2>/dev/null)" ]; then
  if postgres_host >"$out/postgres.txt" 2>"$out/postgres.err" && diff -u "$here/postgres/expected.txt" "$out/postgres.txt"; then
    echo "postgres: as expected."
    passed=$((passed + 1))
  else
    echo "postgres: FAILED"
    cat "$out/postgres.err"
    failed=$((failed + 1))
  fi
else
  skip postgres "there is no server, or not its headers"
fi
