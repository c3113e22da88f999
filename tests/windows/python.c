// A stand-in for Windows' python.exe and pythonw.exe, of which none can be had here: it answers the question that pyman asks
// an interpreter, knows an environment by its pyvenv.cfg as CPython does, and says how it was started. Its version is that in
// the file `stand-in` beside the interpreter of the installation.
#include <windows.h>

#include <tlhelp32.h>

#include <fcntl.h>
#include <io.h>
#include <stdio.h>
#include <stdlib.h>
#include <wchar.h>

#define LENGTH 4096

static wchar_t executable[LENGTH]; // sys.executable
static wchar_t prefix[LENGTH];     // sys.prefix
static wchar_t base[LENGTH];       // sys.base_prefix
static int environment;

static void utf8(const wchar_t *text, FILE *to) {
    char bytes[4 * LENGTH];
    WideCharToMultiByte(CP_UTF8, 0, text, -1, bytes, sizeof bytes, NULL, NULL);
    fputs(bytes, to);
}

static void json(const wchar_t *text) {
    putchar('"');
    for (; *text; text++) {
        if (*text >= 32 && *text < 127 && *text != '\\' && *text != '"') putchar(*text);
        else printf("\\u%04x", *text);
    }
    putchar('"');
}

static void up(wchar_t *path) {
    wchar_t *last = wcsrchr(path, L'\\');
    if (last) *last = 0;
}

static int read_configuration(const wchar_t *directory) {
    wchar_t file[LENGTH];
    char line[LENGTH];
    swprintf(file, LENGTH, L"%ls\\pyvenv.cfg", directory);
    FILE *configuration = _wfopen(file, L"rb");
    if (!configuration) return 0;
    while (fgets(line, sizeof line, configuration)) {
        line[strcspn(line, "\r\n")] = 0;
        if (!strncmp(line, "home = ", 7)) MultiByteToWideChar(CP_UTF8, 0, line + 7, -1, base, LENGTH);
    }
    fclose(configuration);
    return 1;
}

// As getpath has it: the redirector's own path is the executable, if one started this.
static void find_places(void) {
    if (!GetEnvironmentVariableW(L"__PYVENV_LAUNCHER__", executable, LENGTH)) {
        GetModuleFileNameW(NULL, executable, LENGTH);
    }
    SetEnvironmentVariableW(L"__PYVENV_LAUNCHER__", NULL);
    wcscpy(prefix, executable);
    up(prefix);
    wcscpy(base, prefix);
    environment = read_configuration(prefix);
    if (!environment) {
        wchar_t above[LENGTH];
        wcscpy(above, prefix);
        up(above);
        environment = read_configuration(above);
        if (environment) wcscpy(prefix, above);
    }
}

static void version(int numbers[3]) {
    wchar_t file[LENGTH];
    swprintf(file, LENGTH, L"%ls\\stand-in", base);
    FILE *said = _wfopen(file, L"rb");
    if (!said || fscanf(said, "%d.%d.%d", numbers, numbers + 1, numbers + 2) != 3) exit(70);
    fclose(said);
}

static void answer(void) {
    int own[3];
    version(own);
    printf("{\"implementation\": \"cpython\", \"version\": [%d, %d, %d, \"final\", 0], ", own[0], own[1], own[2]);
    printf("\"own_version\": [%d, %d, %d, \"final\", 0], \"free_threaded\": false, ", own[0], own[1], own[2]);
    printf("\"debug\": false, \"machine\": \"AMD64\", \"compiler\": \"MSC\", \"bits\": 64, \"executable\": ");
    json(executable);
    printf(", \"prefix\": ");
    json(prefix);
    printf(", \"base_prefix\": ");
    json(base);
    printf(", \"environment\": %s}\n", environment ? "true" : "false");
}

static DWORD parent(void) {
    HANDLE all = CreateToolhelp32Snapshot(TH32CS_SNAPPROCESS, 0);
    PROCESSENTRY32W entry = {.dwSize = sizeof entry};
    DWORD found = 0;
    for (BOOL more = Process32FirstW(all, &entry); more; more = Process32NextW(all, &entry)) {
        if (entry.th32ProcessID == GetCurrentProcessId()) found = entry.th32ParentProcessID;
    }
    CloseHandle(all);
    return found;
}

static volatile LONG interrupts;

static BOOL WINAPI interrupted(DWORD event) {
    if (event != CTRL_C_EVENT) return FALSE;
    InterlockedIncrement(&interrupts);
    return TRUE;
}

// Writes its own number and that of its parent, and waits to be ended.
static int waiting(const wchar_t *file) {
    wchar_t beside[LENGTH];
    swprintf(beside, LENGTH, L"%ls.new", file);
    FILE *said = _wfopen(beside, L"wb");
    fprintf(said, "%lu %lu", GetCurrentProcessId(), parent());
    fclose(said);
    MoveFileW(beside, file);
    Sleep(120000);
    return 0;
}

static int is_alive(DWORD process) {
    HANDLE handle = OpenProcess(PROCESS_QUERY_LIMITED_INFORMATION, FALSE, process);
    DWORD status = 0;
    return handle && GetExitCodeProcess(handle, &status) && status == STILL_ACTIVE;
}

// Every process of its console is interrupted, which a REPL outlives and those that wait for it must.
static int interrupting(void) {
    SetConsoleCtrlHandler(NULL, FALSE);
    SetConsoleCtrlHandler(interrupted, TRUE);
    if (!GenerateConsoleCtrlEvent(CTRL_C_EVENT, 0)) return 71;
    for (int turn = 0; turn < 500 && !interrupts; turn++) Sleep(10);
    Sleep(300);
    return interrupts ? 7 : 72;
}

int wmain(int count, wchar_t **words) {
    find_places();
    _setmode(_fileno(stdout), _O_BINARY);
    for (int at = 1; at < count; at++) {
        if (wcsstr(words[at], L"base_prefix")) {
            answer();
            return 0;
        }
    }
    const wchar_t *verb = count > 1 ? words[1] : L"";
    if (!wcscmp(verb, L"--version") || !wcscmp(verb, L"-V")) {
        int own[3];
        version(own);
        printf("Python %d.%d.%d\n", own[0], own[1], own[2]);
        return 0;
    }
    if (!wcscmp(verb, L"--exit") && count > 2) return (int)wcstoul(words[2], NULL, 0);
    if (!wcscmp(verb, L"--wait") && count > 2) return waiting(words[2]);
    if (!wcscmp(verb, L"--alive") && count > 2) return is_alive(wcstoul(words[2], NULL, 10)) ? 0 : 1;
    if (!wcscmp(verb, L"--interrupt")) return interrupting();
    if (!wcscmp(verb, L"--variable") && count > 2) {
        wchar_t value[8 * LENGTH] = L"";
        GetEnvironmentVariableW(words[2], value, 8 * LENGTH);
        utf8(value, stdout);
        putchar('\n');
        return 0;
    }
    if (!wcscmp(verb, L"--copy")) {
        int byte;
        _setmode(_fileno(stdin), _O_BINARY);
        while ((byte = getchar()) != EOF) putchar(byte);
        return 0;
    }
    printf("python");
    for (int at = 1; at < count; at++) {
        printf(" [");
        utf8(words[at], stdout);
        printf("]");
    }
    printf(" at ");
    utf8(executable, stdout);
    printf(" of ");
    utf8(base, stdout);
    printf("\n");
    return 0;
}
