set -gx CONDA_EXE '@PREFIX@/bin/conda'
function conda
  switch "$argv[1]"
    case activate
      set -gx CONDA_PREFIX "@PREFIX@/envs/$argv[2]"
      set -g _CONDA_OLD_PATH $PATH
      set -gx PATH "$CONDA_PREFIX/bin" $PATH
    case deactivate
      set -gx PATH $_CONDA_OLD_PATH
      set -e CONDA_PREFIX
      set -e _CONDA_OLD_PATH
    case '*'
      $CONDA_EXE $argv
  end
end
