#ifndef BUSBAR_CIDN2_SHIM_H
#define BUSBAR_CIDN2_SHIM_H

#include <idn2.h>

#endif
