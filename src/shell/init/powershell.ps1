#: push
$env:PATH = (@(@shims@) + @("$env:PATH" -split [IO.Path]::PathSeparator | Where-Object { $_ -and $_ -cne @shims@ })) -join [IO.Path]::PathSeparator

#: keep
if (@("$env:PATH" -split [IO.Path]::PathSeparator) -cnotcontains @shims@) { $env:PATH = @shims@ + [IO.Path]::PathSeparator + $env:PATH }

#: last
if (@("$env:PATH" -split [IO.Path]::PathSeparator) -cnotcontains @last@) { $env:PATH = $env:PATH + [IO.Path]::PathSeparator + @last@ }

#: root
$env:PYMAN_ROOT = @root@

#: pyenv
$env:PYENV_ROOT = @root@

#: shell
$env:PYMAN_SHELL = '@shell@'

function global:pyman {
  $words = @($args)
  $rest = @($words | Select-Object -Skip 1)
  $acts = $false
  if ($words.Count -gt 0 -and $rest[0] -cne '--help' -and $rest[0] -cne '-h' -and "$($words[0])" -match '^[^-/\\][^/\\]*$') {
    $acts = @('activate', 'deactivate', 'rehash', 'setdefault', 'shell') -ccontains $words[0]
    if (-not $acts) {
      $name = 'pyman-sh-' + $words[0]
      $acts = [bool](Get-Command -Name ([WildcardPattern]::Escape($name)) -CommandType Application -ErrorAction Ignore)
      if (-not $acts -and (Test-Path -LiteralPath @plugins@)) {
        $acts = [bool](Get-ChildItem -LiteralPath @plugins@ -Directory | Where-Object { Test-Path -LiteralPath (Join-Path (Join-Path $_.FullName 'bin') $name) })
      }
    }
  }
  if ($acts) {
    $code = & @pyman@ ('sh-' + $words[0]) @rest
    if ($code) { Invoke-Expression ($code -join "`n") }
  } elseif ($MyInvocation.ExpectingInput) {
    $input | & @pyman@ @words
  } else {
    & @pyman@ @words
  }
}

if (-not (Test-Path Function:conda)) {
  function global:conda {
    $words = @($args)
    $found = & @pyman@ which conda 2>$null | Select-Object -First 1
    $hook = if ($found) { Join-Path (Split-Path (Split-Path $found)) 'shell/condabin/conda-hook.ps1' }
    if ($hook -and (Test-Path -LiteralPath $hook)) {
      Remove-Item Function:global:conda
      . $hook
      conda @words
    } else {
      & (Get-Command conda -CommandType Application -ErrorAction Stop | Select-Object -First 1) @words
    }
  }
}

# Rehashes when another tool has put commands into a version or an environment. A root that cannot be
# rehashed is not asked again.
function global:_PymanRehash {
  $stamp = Get-Item -LiteralPath @stamp@ -ErrorAction Ignore
  $versions = Get-Item -LiteralPath @versions@ -ErrorAction Ignore
  if (-not $versions) { return }
  $bins = @($versions) + @(Get-ChildItem -LiteralPath @versions@ -Directory -ErrorAction Ignore | ForEach-Object {
    $envs = Join-Path $_.FullName 'envs'
    Get-Item -LiteralPath (Join-Path $_.FullName 'bin'), (Join-Path $_.FullName 'Scripts'), $envs -ErrorAction Ignore
    if (Test-Path -LiteralPath $envs) {
      Get-ChildItem -LiteralPath $envs -Directory | ForEach-Object {
        Get-Item -LiteralPath (Join-Path $_.FullName 'bin'), (Join-Path $_.FullName 'Scripts') -ErrorAction Ignore
      }
    }
  })
  if (-not $stamp -or @($bins | Where-Object { $_.LastWriteTimeUtc -gt $stamp.LastWriteTimeUtc }).Count) {
    & @pyman@ rehash *> $null
    if ($global:LASTEXITCODE -ne 0) { function global:_PymanRehash { } }
  }
}
if (-not (Test-Path Function:_PymanPrompt)) {
  Copy-Item Function:prompt Function:global:_PymanPrompt
  function global:prompt {
    $status = $global:LASTEXITCODE
    _PymanRehash
    $global:LASTEXITCODE = $status
    _PymanPrompt
  }
}

#: completion
Register-ArgumentCompleter -Native -CommandName pyman -ScriptBlock {
  param($word, $line, $position)
  $words = @($line.CommandElements | Where-Object { $_.Extent.EndOffset -lt $position } | ForEach-Object { "$_" })
  $question = if ($words.Count -lt 2) { @('commands') } else { @('completions') + @($words | Select-Object -Skip 1) }
  & @pyman@ @question 2>$null | Where-Object { "$_".StartsWith($word) } | ForEach-Object {
    [System.Management.Automation.CompletionResult]::new($_)
  }
}

# Who types pyenv's name means the function too: `pyenv shell` and `pyenv activate` act on this shell.
#: pyenv-function
function global:pyenv { pyman @args }

#: show-version
Write-Output $Env:PYMAN_VERSION

#: show-pyenv
Write-Output $Env:PYENV_VERSION

#: unset-pyenv
$Env:PYENV_VERSION = $null

#: set-version
$Env:PYMAN_VERSION, $Env:PYMAN_VERSION_OLD = @value@, $Env:PYMAN_VERSION

#: unset-version
$Env:PYMAN_VERSION, $Env:PYMAN_VERSION_OLD = $null, $Env:PYMAN_VERSION

#: swap-version
if ( Get-Item -Path Env:\PYMAN_VERSION* ) {
  $Env:PYMAN_VERSION, $Env:PYMAN_VERSION_OLD = $Env:PYMAN_VERSION_OLD, $Env:PYMAN_VERSION
} else {
  Write-Error "pyman: Env:PYMAN_VERSION_OLD is not set"
}

#: rehash
& @pyman@ rehash

#: fail
$global:LASTEXITCODE = 1

#: activate
$Env:PYMAN_VIRTUAL_ENV = @prefix@
$Env:VIRTUAL_ENV = @prefix@
$Env:VIRTUAL_ENV_PROMPT = @name@
if ($Env:PYTHONHOME) { $global:_OLD_VIRTUAL_PYTHONHOME = $Env:PYTHONHOME; $Env:PYTHONHOME = $null }
function global:deactivate { Invoke-Expression ((& @pyman@ sh-deactivate) -join "`n") }

#: activate-version
$Env:PYMAN_VERSION = @version@
$Env:PYMAN_ACTIVATE_SHELL = '1'

#: activate-prompt
if (-not $Env:VIRTUAL_ENV_DISABLE_PROMPT) {
  Copy-Item Function:prompt Function:global:_OLD_VIRTUAL_PROMPT
  function global:prompt { Write-Host -NoNewline @prompt@; _OLD_VIRTUAL_PROMPT }
}

#: activate-conda
$Env:CONDA_PREFIX = @prefix@
$Env:CONDA_DEFAULT_ENV = @conda@

#: source
. @script@

#: deactivate
if (Test-Path Variable:_OLD_VIRTUAL_PYTHONHOME) {
  $Env:PYTHONHOME = $_OLD_VIRTUAL_PYTHONHOME
  Remove-Variable -Scope global _OLD_VIRTUAL_PYTHONHOME
}
if (Test-Path Function:_OLD_VIRTUAL_PROMPT) {
  Copy-Item Function:_OLD_VIRTUAL_PROMPT Function:global:prompt
  Remove-Item Function:_OLD_VIRTUAL_PROMPT
}
$Env:VIRTUAL_ENV = $Env:VIRTUAL_ENV_PROMPT = $Env:PYMAN_VIRTUAL_ENV = $null
if ($Env:PYMAN_ACTIVATE_SHELL) { $Env:PYMAN_VERSION = $Env:PYMAN_ACTIVATE_SHELL = $null }
Remove-Item Function:deactivate -ErrorAction SilentlyContinue

#: deactivate-conda
$Env:CONDA_PREFIX = $Env:CONDA_DEFAULT_ENV = $null

#: nothing
$null = $true

#: virtualenv
$Env:PYMAN_VIRTUALENV_INIT = '1'

# Follows the version file at each prompt. The manager is asked when the directory, the variables, or what
# the file says changed.
function global:_PymanVirtualenv {
  $file = Join-Path @root@ 'version'
  for ($directory = "$PWD"; $directory; $directory = Split-Path $directory) {
    $local = Join-Path $directory '.python-version'
    if (Test-Path -LiteralPath $local -PathType Leaf) { $file = $local; break }
  }
  $text = if (Test-Path -LiteralPath $file -PathType Leaf) { Get-Content -LiteralPath $file -TotalCount 100 }
  $key = { "$PWD`n$Env:PYMAN_VERSION`n$Env:PYENV_VERSION`n$Env:VIRTUAL_ENV`n$file`n$text" }
  if ((& $key) -ceq $global:_PymanVirtualenvKey) { return }
  $code = & @pyman@ sh-activate --quiet
  if ($global:LASTEXITCODE -ne 0 -and $Env:VIRTUAL_ENV) { $code = & @pyman@ sh-deactivate --quiet }
  if ($code) { Invoke-Expression ($code -join "`n") }
  $global:_PymanVirtualenvKey = & $key
}
if (-not (Test-Path Function:_PymanVirtualenvPrompt)) {
  Copy-Item Function:prompt Function:global:_PymanVirtualenvPrompt
  function global:prompt {
    $status = $global:LASTEXITCODE
    _PymanVirtualenv
    $global:LASTEXITCODE = $status
    _PymanVirtualenvPrompt
  }
}
