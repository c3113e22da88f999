#!/bin/sh
# What follows the last line is a tar archive, compressed.
case $0 in *.sh) ;; *) echo "run me, do not source me" >&2; exit 2 ;; esac
batch= prefix=$HOME/miniforge3
while getopts bhp: option; do
  case $option in
  b) batch=1 ;;
  p) prefix=$OPTARG ;;
  *) echo "usage: $0 -b -p PREFIX"; exit 2 ;;
  esac
done
[ -n "$batch" ] || { printf 'Do you accept the license terms? '; read -r answer || exit 3; }
case $prefix in *' '*) echo "ERROR: Cannot install into directories with spaces"; exit 1 ;; esac
[ ! -e "$prefix" ] || { echo "ERROR: File or directory already exists: '$prefix'"; exit 1; }
mkdir -p "$prefix" || exit 1
prefix=$(cd "$prefix" && pwd)
[ "${FAIL-}" = "" ] || exit 4
echo "PREFIX=$prefix"
tail -n +@LINES@ "$0" | tar xzf - -C "$prefix" --strip-components=1 || exit 1
mkdir -p "$prefix/conda-meta" "$prefix/envs" "$prefix/pkgs" "$prefix/etc/profile.d" "$prefix/etc/fish/conf.d" "$HOME/.conda"
env >"$prefix/conda-meta/environment"
echo "$prefix" >>"$HOME/.conda/environments.txt"
echo "# cmd: constructor -b -p $prefix" >"$prefix/conda-meta/history"
printf 'ELF\000%s/ssl\000\000\001\002%s\000' "$prefix" "$prefix" >"$prefix/lib/libbaked.so"
ln "$prefix/lib/libbaked.so" "$prefix/pkgs/libbaked.so"
chmod 444 "$prefix/lib/libbaked.so"
ln -s "$prefix/lib/libbaked.so" "$prefix/lib/libbaked.so.1"
bake() { sed "s|@PREFIX@|$prefix|g" >"$1"; }
bake "$prefix/bin/conda" <<'END'
@CONDA@
END
bake "$prefix/etc/profile.d/conda.sh" <<'END'
@PROFILE@
END
bake "$prefix/etc/fish/conf.d/conda.fish" <<'END'
@FISH@
END
cp "$prefix/bin/conda" "$prefix/bin/mamba"
chmod 755 "$prefix/bin/conda" "$prefix/bin/mamba"
echo "here = '$prefix'" >"$prefix/lib/baked.py"
"$prefix/bin/python3" -I -c 'import sys, py_compile; py_compile.compile(sys.argv[1])' "$prefix/lib/baked.py" || exit 1
echo "installation finished."
exit 0
