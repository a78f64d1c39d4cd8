// The only types of ICU in libxml2's headers are of members that we do not touch. Seen from a test
// they would contradict those of Foundation's own ICU.
#include <libxml/xmlversion.h>
#undef LIBXML_ICU_ENABLED
#include <libxml/parser.h>
#include <libxml/parserInternals.h>
