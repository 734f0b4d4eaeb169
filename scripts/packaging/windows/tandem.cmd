@echo off
rem Tandem in a terminal: the desktop's own program, run as Node.
setlocal
set ELECTRON_RUN_AS_NODE=1
set TANDEM_DESKTOP_PROGRAM=%~dp0Tandem.exe
"%~dp0Tandem.exe" "%~dp0resources\app.asar.unpacked\out\main\tandem.js" %*
