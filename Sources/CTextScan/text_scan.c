// All of it is in the header, so that it is inlined.
#include "text_scan.h"
