# What the package scripts share; they set home, work and stage.

# The time of everything in an archive: the bytes do not depend on when it was made.
epoch=2026-11-23T00:00:00Z

# repack JAR [COMMAND]: into $stage/lib, its entries uncompressed, which xz then packs all together and Java need not
# unpack again; without signatures, which Java would check at every start; and less what the command takes out.
repack() {
  rm -rf "$work/jar"
  mkdir "$work/jar"
  (
    cd "$work/jar"
    jar --extract --file "$1"
    rm -f META-INF/*.SF META-INF/*.RSA META-INF/*.DSA META-INF/*.EC
    shift
    [ $# -eq 0 ] || "$@"
    find META-INF/MANIFEST.MF -type f >"$work/entries"
    find . -type f ! -path ./META-INF/MANIFEST.MF | sed 's|^\./||' | LC_ALL=C sort >>"$work/entries"
  )
  (
    cd "$work/jar"
    jar --create --no-compress --no-manifest --date="${epoch%Z}+00:00" \
      --file "$stage/lib/$(basename "$1")" @"$work/entries"
  )
}

# archive NAME: $work/NAME on standard output, as a tar that is the same for the same files.
archive() {
  tar --sort=name --mtime="$epoch" --owner=0 --group=0 --numeric-owner \
    --mode=u=rwX,go=rX --format=ustar -C "$work" -cf - "$1"
}
