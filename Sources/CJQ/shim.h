#ifndef BUSBAR_CJQ_SHIM_H
#define BUSBAR_CJQ_SHIM_H

#include <jv.h>
#include <jq.h>

#endif
