/*
 * A PKCS#11 module for tests: passes everything on to the module named by FAULTY_MODULE_REAL, and fails as the
 * file named by FAULTY_MODULE_FAULT says, in one line: "hang", "corrupt", or "return <value in hex> <times>".
 */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef unsigned long value;
typedef value (*get_list)(void **);
typedef value (*init_call)(value, void *, value);
typedef value (*crypt_call)(value, unsigned char *, value, unsigned char *, value *);

/* CK_FUNCTION_LIST: a version, then pointers in the order of pkcs11f.h. */
struct list {
  unsigned char version[2];
  void *calls[68];
};
enum { ENCRYPT_INIT = 29, DECRYPT_INIT = 33, DECRYPT = 34 };

static struct list mine;
static struct list *real;

static int fault(const char *wanted, value *result) {
  char kind[16] = "";
  int times = 0;
  const char *path = getenv("FAULTY_MODULE_FAULT");
  FILE *file = path ? fopen(path, "r") : NULL;
  if (!file) return 0;
  *result = 0;
  int found = fscanf(file, "%15s %lx %d", kind, result, &times);
  fclose(file);
  if (found < 1 || strcmp(kind, wanted) != 0) return 0;
  if (strcmp(kind, "return") != 0) return 1;
  if (times <= 0) return 0;
  file = fopen(path, "w");
  if (file) {
    fprintf(file, "return %lx %d\n", *result, times - 1);
    fclose(file);
  }
  return 1;
}

static value start(int call, value session, void *mechanism, value key) {
  value result;
  if (fault("hang", &result)) sleep(30);
  if (fault("return", &result)) return result;
  return ((init_call)real->calls[call])(session, mechanism, key);
}

static value encrypt_init(value session, void *mechanism, value key) {
  return start(ENCRYPT_INIT, session, mechanism, key);
}

static value decrypt_init(value session, void *mechanism, value key) {
  return start(DECRYPT_INIT, session, mechanism, key);
}

static value decrypt(value session, unsigned char *in, value in_length, unsigned char *out, value *out_length) {
  value unused;
  value result = ((crypt_call)real->calls[DECRYPT])(session, in, in_length, out, out_length);
  if (result == 0 && out && fault("corrupt", &unused)) out[7] ^= 1;
  return result;
}

value C_GetFunctionList(void **given) {
  void *module = dlopen(getenv("FAULTY_MODULE_REAL"), RTLD_NOW);
  get_list list = module ? (get_list)dlsym(module, "C_GetFunctionList") : NULL;
  if (!list || list((void **)&real) != 0) return 5;
  mine = *real;
  mine.calls[ENCRYPT_INIT] = encrypt_init;
  mine.calls[DECRYPT_INIT] = decrypt_init;
  mine.calls[DECRYPT] = decrypt;
  *given = &mine;
  return 0;
}
