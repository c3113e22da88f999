@rem Activates this environment in cmd.exe: Scripts\activate.bat
@begin@@if defined _OLD_VIRTUAL_PATH call "%~dp0deactivate.bat"
@if not defined PROMPT set "PROMPT=$P$G"
@rem Where this file is, without \Scripts\: read while ! means itself, and set by the line that was read so.
@setlocal disabledelayedexpansion
@set "VIRTUAL_ENV=%~dp0"
@set "VIRTUAL_ENV=%VIRTUAL_ENV:~0,-9%"
@endlocal & set "VIRTUAL_ENV=%VIRTUAL_ENV%" & set "_OLD_VIRTUAL_PATH=%PATH%" & set "PATH=%VIRTUAL_ENV%\Scripts;%PATH%"
@set "VIRTUAL_ENV_PROMPT=@name@"
@if defined PYTHONHOME set "_OLD_VIRTUAL_PYTHONHOME=%PYTHONHOME%"
@set "PYTHONHOME="
@if not defined VIRTUAL_ENV_DISABLE_PROMPT set "_OLD_VIRTUAL_PROMPT=%PROMPT%"
@if not defined VIRTUAL_ENV_DISABLE_PROMPT set "PROMPT=@cmd@%PROMPT%"
@end@