/* Copies a Node process that has loaded the worker, so that hundreds of them need not load it hundreds of times. */
#include <fcntl.h>
#include <node_api.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
#include <uv.h>

/* V8 tells the kernel not to copy its heap into children (MADV_DONTFORK): here it must. */
static void share_heap(void) {
  FILE *maps = fopen("/proc/self/maps", "r");
  char line[1024];
  unsigned long from, to;
  while (maps && fgets(line, sizeof line, maps))
    if (sscanf(line, "%lx-%lx", &from, &to) == 2) madvise((void *)from, to - from, MADV_DOFORK);
  if (maps) fclose(maps);
}

/* fork(file): 0 in the copy, whose output goes to the file; the copy's process id in the original. */
static napi_value Fork(napi_env env, napi_callback_info info) {
  size_t argc = 1, length;
  napi_value argv[1], result;
  char path[4096];
  napi_get_cb_info(env, info, &argc, argv, NULL, NULL);
  napi_get_value_string_utf8(env, argv[0], path, sizeof path, &length);
  share_heap();
  pid_t pid = fork();
  if (pid == 0) {
    int output = open(path, O_CREAT | O_WRONLY | O_APPEND, 0600);
    int nothing = open("/dev/null", O_RDONLY);
    dup2(nothing, 0);
    dup2(output, 1);
    dup2(output, 2);
    uv_loop_t *loop;
    napi_get_uv_event_loop(env, &loop);
    uv_loop_fork(loop);
  }
  napi_create_int32(env, pid, &result);
  return result;
}

/* ended(pid): -1 while it runs, 1000 + its signal when it was killed, else its exit code. */
static napi_value Ended(napi_env env, napi_callback_info info) {
  size_t argc = 1;
  napi_value argv[1], result;
  int pid, status, told = -1;
  napi_get_cb_info(env, info, &argc, argv, NULL, NULL);
  napi_get_value_int32(env, argv[0], &pid);
  if (waitpid(pid, &status, WNOHANG) == pid)
    told = WIFSIGNALED(status) ? 1000 + WTERMSIG(status) : WEXITSTATUS(status);
  napi_create_int32(env, told, &result);
  return result;
}

NAPI_MODULE_INIT() {
  napi_value function;
  napi_create_function(env, "fork", NAPI_AUTO_LENGTH, Fork, NULL, &function);
  napi_set_named_property(env, exports, "fork", function);
  napi_create_function(env, "ended", NAPI_AUTO_LENGTH, Ended, NULL, &function);
  napi_set_named_property(env, exports, "ended", function);
  return exports;
}
