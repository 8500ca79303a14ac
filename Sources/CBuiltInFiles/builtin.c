//  The schema files and the built-in configuration, embedded when the program is compiled: nothing to install or lose,
//  and read as any other file is.

#include "CBuiltInFiles.h"

// #embed is C23; clang offers it in every mode and says so.
#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char application_host_schema[] = {
#embed "Schema/system.applicationHost.xml"
};
static const unsigned char web_server_schema[] = {
#embed "Schema/system.webServer.xml"
};
static const unsigned char rewrite_schema[] = {
#embed "Schema/rewrite.xml"
};
static const unsigned char webdav_schema[] = {
#embed "Schema/webdav.xml"
};
static const unsigned char asp_net_core_schema[] = {
#embed "Schema/aspNetCore.xml"
};
static const unsigned char http_platform_schema[] = {
#embed "Schema/httpPlatform.xml"
};
static const unsigned char cors_schema[] = {
#embed "Schema/cors.xml"
};
static const unsigned char management_schema[] = {
#embed "Schema/management.xml"
};
static const unsigned char runtime_schema[] = {
#embed "Schema/runtime.xml"
};
static const unsigned char hostelry_schema[] = {
#embed "Schema/hostelry.xml"
};
static const unsigned char application_host_configuration[] = {
#embed "applicationHost.config"
};

#define FILE_OF(name, array) {name, array, sizeof array}

static const hostelry_builtin_file files[] = {
    FILE_OF("Schema/system.applicationHost.xml", application_host_schema),
    FILE_OF("Schema/system.webServer.xml", web_server_schema),
    FILE_OF("Schema/rewrite.xml", rewrite_schema),
    FILE_OF("Schema/webdav.xml", webdav_schema),
    FILE_OF("Schema/aspNetCore.xml", asp_net_core_schema),
    FILE_OF("Schema/httpPlatform.xml", http_platform_schema),
    FILE_OF("Schema/cors.xml", cors_schema),
    FILE_OF("Schema/management.xml", management_schema),
    FILE_OF("Schema/runtime.xml", runtime_schema),
    FILE_OF("Schema/hostelry.xml", hostelry_schema),
    FILE_OF("applicationHost.config", application_host_configuration),
};

const hostelry_builtin_file *hostelry_builtin_files(size_t *count) {
    *count = sizeof files / sizeof *files;
    return files;
}
