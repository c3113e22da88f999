# Installs pyman for the one who runs it; install.sh says the rest, this does the same on Windows (PowerShell 5.1 and 7).
#   powershell -ExecutionPolicy Bypass -File install.ps1 [-Version V] [-Root DIR] [-NoSetup]
#   PYMAN_DIST: a directory, file://, https:// (http:// of this machine alone); PYMAN_ROOT: where to, else -Root, else ~\.pyman
param([string]$Version = '', [string]$Root = $env:PYMAN_ROOT, [switch]$NoSetup)
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
$Dist = '@DIST@'; $Key = '@KEY@'
if ($Dist -like '@*') { $Dist = '' }
if ($Key -like '@*') { $Key = '' }
if ($env:PYMAN_DIST) { $Dist = $env:PYMAN_DIST }
if (-not $Dist) { throw 'pyman: this script was not told where pyman is to be had (PYMAN_DIST)' }
if ($Version -notmatch '^[0-9A-Za-z.+-]*$') { throw "pyman: $Version is no version" }
if (-not $Root) { $Root = Join-Path $HOME '.pyman' }
$Shown = $Dist -replace '//[^/@]*@', '//' -replace '[?].*', ''
[Net.ServicePointManager]::SecurityProtocol = [Net.ServicePointManager]::SecurityProtocol -bor 3072

function Fetch([string]$Name, [string]$File) {
    if ($Dist -notmatch '^[a-z]+://' -or $Dist -like 'file://*') {
        $folder = if ($Dist -like 'file://*') { ([Uri]$Dist).LocalPath } else { $Dist }
        Copy-Item -LiteralPath (Join-Path $folder $Name) -Destination $File; return
    }
    if ($Dist -notmatch '^(https://|http://(127\.[0-9.]+|localhost|\[::1\])(:[0-9]+)?(/|$))') { throw "pyman: only https:// is fetched from: $Shown" }
    # No redirection is followed away from https; PowerShell's own rule covers that from 6 on.
    for ($try = 1; ; $try++) {
        try { Invoke-WebRequest -UseBasicParsing -TimeoutSec 600 -Uri "$($Dist.TrimEnd('/'))/$Name" -OutFile $File; return }
        catch { if ($try -ge 5 -or $_.Exception.Response.StatusCode -eq 404) { throw }; Start-Sleep -Seconds 1 }
    }
}
function Find-Archive {
    $pattern = '^(?<sum>[0-9a-f]{64}) [ *](?<file>pyman-(?<version>[0-9][0-9A-Za-z.+-]*?)-x86_64-pc-windows-(msvc|gnu)\.zip)$'
    $listed = foreach ($line in Get-Content $Sums) { if ($line -match $pattern) { [pscustomobject]$Matches } }
    $listed | Where-Object { -not $Version -or $_.version -eq $Version } |
        Sort-Object { [version]($_.version -replace '[-+].*', '') }, file | Select-Object -Last 1
}

if (-not [Environment]::Is64BitOperatingSystem) { throw 'pyman: there is no program for 32-bit Windows' }
$bin = Join-Path $Root 'bin'; $program = Join-Path $bin 'pyman.exe'; $beside = Join-Path $bin ".pyman-install.$PID.exe"
$work = Join-Path ([IO.Path]::GetTempPath()) ([IO.Path]::GetRandomFileName()); $Sums = Join-Path $work 'SHA256SUMS'; $where = ''
New-Item -ItemType Directory $work | Out-Null
try {
    try { Fetch 'SHA256SUMS' $Sums; $chosen = Find-Archive } catch { if (-not $Version) { throw } }
    if ($Version -and -not $chosen) { $where = "$Version/"; Fetch "${where}SHA256SUMS" $Sums; $chosen = Find-Archive }
    if (-not $chosen) { throw "pyman: there is no pyman $Version for Windows in $Shown" }
    if ($Key) {
        Fetch "${where}SHA256SUMS.minisig" "$Sums.minisig"
        if (-not (Get-Command minisign -ErrorAction SilentlyContinue)) { throw 'pyman: the signature must be checked, and minisign is not here: nothing was installed' }
        & minisign -V -q -P $Key -m $Sums -x "$Sums.minisig" | Out-Null
        if ($LASTEXITCODE) { throw "pyman: the signature of SHA256SUMS is not by ${Key}: nothing was installed" }
    }
    $archive = Join-Path $work $chosen.file; Fetch "$where$($chosen.file)" $archive
    if ((Get-FileHash -Algorithm SHA256 $archive).Hash -ne $chosen.sum) { throw "pyman: $($chosen.file) is not what SHA256SUMS says: nothing was installed" }
    Expand-Archive -LiteralPath $archive -DestinationPath $work
    New-Item -ItemType Directory -Force $bin | Out-Null
    Copy-Item (Join-Path $work "$([IO.Path]::GetFileNameWithoutExtension($archive))\pyman.exe") $beside
    & $beside --version | Out-Null; if ($LASTEXITCODE) { throw 'pyman: the program does not start here' }
    $old = if (Test-Path $program) { "$(& $program --version)".Split(' ')[1] }
    if ($old -and -not $Version -and [version]($old -replace '-.*') -gt [version]($chosen.version -replace '-.*')) { throw "pyman: $old is installed, what is offered is older (-Version $($chosen.version) takes it all the same)" }
    # A program that runs cannot be replaced, but renamed; a later run takes it away.
    Get-ChildItem $bin -Filter '.pyman-old.*' -Force | Remove-Item -ErrorAction SilentlyContinue
    if ($old) { Rename-Item $program ".pyman-old.$PID.exe" }
    Move-Item $beside $program
} finally { Remove-Item -Recurse -Force -ErrorAction SilentlyContinue $work, $beside }
$env:PYMAN_ROOT = $Root; if (-not $NoSetup) { & $program setup; if ($LASTEXITCODE) { throw "pyman: it is in $bin, but its setup did not end well" } }
$signed = if ($Key) { "and the signature by $Key" } else { 'no key was built in: whose it is was not checked' }
"pyman $($chosen.version), from $Shown`nchecked: its SHA-256; $signed`nin its place: $program`nnext: open a new shell, and run: pyman install 3.12"
