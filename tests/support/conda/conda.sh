export CONDA_EXE='@PREFIX@/bin/conda'
conda() {
  case "${1-}" in
  activate)
    CONDA_PREFIX="@PREFIX@/envs/$2"
    [ "$2" != base ] || CONDA_PREFIX="@PREFIX@"
    CONDA_DEFAULT_ENV="$2"
    export CONDA_PREFIX CONDA_DEFAULT_ENV
    _CONDA_OLD_PATH="$PATH"
    PATH="$CONDA_PREFIX/bin:$PATH"
    ;;
  deactivate)
    PATH="$_CONDA_OLD_PATH"
    unset CONDA_PREFIX CONDA_DEFAULT_ENV _CONDA_OLD_PATH
    ;;
  *) "$CONDA_EXE" "$@" ;;
  esac
}
