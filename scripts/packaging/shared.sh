# Functions of the package scripts, which set work.

# The time stamp of all files in an archive, for reproducible bytes.
epoch=2026-11-23T00:00:00Z

progress() {
  echo "package: $1" >&2
}

# show FILE: prints its path and size.
show() {
  size=$(wc -c <"$1")
  echo "$1 ($((size / 1000000)).$((size / 100000 % 10)) MB)"
}

# archive NAME: writes $work/NAME as a reproducible tar to standard output.
archive() {
  if tar --version 2>/dev/null | grep -q GNU; then
    tar --sort=name --mtime="$epoch" --owner=0 --group=0 --numeric-owner \
      --mode=u=rwX,go=rX --format=ustar -C "$work" -cf - "$1"
  else
    tar -C "$work" -cf - "$1"
  fi
}

# compress [FILTER]
compress() {
  xz --format=xz --check=crc32 "$@" --lzma2=preset=9e
}
