#ifndef HOSTELRY_FILES_H
#define HOSTELRY_FILES_H
#endif
