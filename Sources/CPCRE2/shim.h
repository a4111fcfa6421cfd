#ifndef BUSBAR_CPCRE2_SHIM_H
#define BUSBAR_CPCRE2_SHIM_H

// The library has one API per code unit width; the header wants the choice before it is read.
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#endif
