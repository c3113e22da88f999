# Activates this environment in PowerShell: bin/Activate.ps1

function global:deactivate([switch]$NonDestructive) {
    if (Test-Path Variable:global:_OLD_VIRTUAL_PATH) {
        $env:PATH = $global:_OLD_VIRTUAL_PATH
        Remove-Variable -Scope global _OLD_VIRTUAL_PATH
    }
    if (Test-Path Variable:global:_OLD_VIRTUAL_PYTHONHOME) {
        $env:PYTHONHOME = $global:_OLD_VIRTUAL_PYTHONHOME
        Remove-Variable -Scope global _OLD_VIRTUAL_PYTHONHOME
    }
    if (Test-Path Function:global:_OLD_VIRTUAL_PROMPT) {
        Copy-Item Function:global:_OLD_VIRTUAL_PROMPT Function:global:prompt
        Remove-Item Function:global:_OLD_VIRTUAL_PROMPT
    }
    foreach ($name in 'VIRTUAL_ENV', 'VIRTUAL_ENV_PROMPT') {
        if (Test-Path "Env:$name") { Remove-Item "Env:$name" }
    }
    if (-not $NonDestructive -and -not ($args -ccontains 'nondestructive')) {
        Remove-Item Function:global:deactivate
    }
}

# What may be active already goes first.
deactivate -NonDestructive

# Where the environment was made; moved since, it is where this file is.
$env:VIRTUAL_ENV = @path@
if (-not (Test-Path -LiteralPath (Join-Path $env:VIRTUAL_ENV (Join-Path (Split-Path -Leaf $PSScriptRoot) 'activate.ps1')))) {
    $env:VIRTUAL_ENV = Split-Path $PSScriptRoot
}
$env:VIRTUAL_ENV_PROMPT = @name@

if (Test-Path Env:PATH) { $global:_OLD_VIRTUAL_PATH = $env:PATH } else { $global:_OLD_VIRTUAL_PATH = $null }
$env:PATH = (Join-Path $env:VIRTUAL_ENV (Split-Path -Leaf $PSScriptRoot)) + $(if ($env:PATH) { [IO.Path]::PathSeparator + $env:PATH })

if (Test-Path Env:PYTHONHOME) {
    $global:_OLD_VIRTUAL_PYTHONHOME = $env:PYTHONHOME
    Remove-Item Env:PYTHONHOME
}

if (-not $env:VIRTUAL_ENV_DISABLE_PROMPT) {
    Copy-Item Function:prompt Function:global:_OLD_VIRTUAL_PROMPT
    function global:prompt {
        Write-Host -NoNewline "($env:VIRTUAL_ENV_PROMPT) "
        _OLD_VIRTUAL_PROMPT
    }
}
