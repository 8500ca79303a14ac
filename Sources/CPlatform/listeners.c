#define _GNU_SOURCE
#include "CPlatform.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/sock_diag.h>
#include <linux/unix_diag.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

int hostelry_listener_question(void) {
    int number = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);
    if (number < 0) return -1;
    // The kernel answers within the call that asks; this is for one that does not.
    struct timeval patience = {.tv_sec = 1};
    setsockopt(number, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    return number;
}

static int ask(int question, void *request, size_t length, uint32_t number) {
    struct nlmsghdr *header = request;
    header->nlmsg_len = (uint32_t)length;
    header->nlmsg_type = SOCK_DIAG_BY_FAMILY;
    header->nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
    header->nlmsg_seq = number;
    struct sockaddr_nl kernel = {.nl_family = AF_NETLINK};
    ssize_t count;
    do count = sendto(question, request, length, 0, (struct sockaddr *)&kernel, sizeof kernel);
    while (count < 0 && errno == EINTR);
    return count == (ssize_t)length ? 0 : -1;
}

typedef void (*entry)(const struct nlmsghdr *, void *);

// Hands every entry of the answer on; 0, or -1 with errno where the kernel refused.
static int hear(int question, uint32_t number, entry take, void *context) {
    union {
        struct nlmsghdr header;
        char bytes[16384];
    } buffer;
    while (true) {
        ssize_t count;
        do count = recv(question, &buffer, sizeof buffer, 0);
        while (count < 0 && errno == EINTR);
        if (count <= 0) return -1;
        int left = (int)count;
        for (struct nlmsghdr *header = &buffer.header; NLMSG_OK(header, left); header = NLMSG_NEXT(header, left)) {
            // The rest of an answer that nobody waited for.
            if (header->nlmsg_seq != number) continue;
            if (header->nlmsg_type == NLMSG_DONE) return 0;
            if (header->nlmsg_type == NLMSG_ERROR) {
                const struct nlmsgerr *error = NLMSG_DATA(header);
                errno = error->error ? -error->error : EPROTO;
                return -1;
            }
            if (header->nlmsg_type == SOCK_DIAG_BY_FAMILY) take(header, context);
        }
    }
}

static const void *attribute(const struct nlmsghdr *header, size_t fixed, int type, size_t size) {
    if (header->nlmsg_len < NLMSG_LENGTH(fixed)) return NULL;
    int left = (int)(header->nlmsg_len - NLMSG_LENGTH(fixed));
    const struct rtattr *found = (const void *)((const char *)NLMSG_DATA(header) + NLMSG_ALIGN(fixed));
    for (; RTA_OK(found, left); found = RTA_NEXT(found, left))
        if (found->rta_type == type && RTA_PAYLOAD(found) >= size) return RTA_DATA(found);
    return NULL;
}

struct tcp_list {
    struct hostelry_listener *listeners;
    int count, capacity;
    uint16_t port;
};

static void take_tcp(const struct nlmsghdr *header, void *context) {
    struct tcp_list *list = context;
    const struct inet_diag_msg *message = NLMSG_DATA(header);
    if (header->nlmsg_len < NLMSG_LENGTH(sizeof *message) || list->count >= list->capacity) return;
    if (message->idiag_state != TCP_LISTEN || ntohs(message->id.idiag_sport) != list->port) return;
    struct hostelry_listener *listener = &list->listeners[list->count++];
    memset(listener, 0, sizeof *listener);
    listener->is_v6 = message->idiag_family == AF_INET6;
    for (int i = 0; i < (listener->is_v6 ? 4 : 1); i++) listener->words[i] = ntohl(message->id.idiag_src[i]);
    const uint8_t *only = attribute(header, sizeof *message, INET_DIAG_SKV6ONLY, 1);
    listener->is_v6_only = listener->is_v6 && only && *only;
    listener->uid = message->idiag_uid;
    listener->inode = message->idiag_inode;
}

static uint32_t next_number(void) {
    static _Thread_local uint32_t last;
    return ++last;
}

int hostelry_tcp_listeners(int question, uint16_t port, struct hostelry_listener *listeners, int capacity) {
    struct tcp_list list = {.listeners = listeners, .capacity = capacity, .port = port};
    const uint8_t families[] = {AF_INET, AF_INET6};
    for (int i = 0; i < 2; i++) {
        struct {
            struct nlmsghdr header;
            struct inet_diag_req_v2 what;
        } request = {.what = {.sdiag_family = families[i], .sdiag_protocol = IPPROTO_TCP}};
        request.what.idiag_states = 1 << TCP_LISTEN;
        request.what.id.idiag_sport = htons(port);
        uint32_t number = next_number();
        if (ask(question, &request, sizeof request, number) < 0) return -1;
        if (hear(question, number, take_tcp, &list) == 0) continue;
        // A kernel without IPv6 knows no such family.
        if (i == 0 || errno != ENOENT) return -1;
    }
    return list.count;
}

struct local_search {
    const char *path;
    dev_t device;
    ino_t file;
    uint32_t found;
};

static void take_local(const struct nlmsghdr *header, void *context) {
    struct local_search *search = context;
    const struct unix_diag_msg *message = NLMSG_DATA(header);
    if (search->found || header->nlmsg_len < NLMSG_LENGTH(sizeof *message)) return;
    if (message->udiag_state != TCP_LISTEN) return;
    const struct unix_diag_vfs *file = attribute(header, sizeof *message, UNIX_DIAG_VFS, sizeof *file);
    // The kernel's own numbers: 20 bits for the minor.
    bool is_file = file && file->udiag_vfs_ino == (uint32_t)search->file &&
        makedev(file->udiag_vfs_dev >> 20, file->udiag_vfs_dev & 0xfffff) == search->device;
    // Of a layered file system the socket has another file than `stat` tells.
    size_t length = strlen(search->path);
    const char *name = attribute(header, sizeof *message, UNIX_DIAG_NAME, length);
    bool is_name = length > 0 && name && memcmp(name, search->path, length) == 0;
    if (is_name) {
        const struct rtattr *whole = (const void *)(name - RTA_LENGTH(0));
        is_name = RTA_PAYLOAD(whole) == length || name[length] == 0;
    }
    if (is_file || is_name) search->found = message->udiag_ino;
}

int64_t hostelry_local_listener(int question, const char *path) {
    struct stat status;
    if (stat(path, &status) < 0) return -1;
    struct local_search search = {.path = path, .device = status.st_dev, .file = status.st_ino};
    struct {
        struct nlmsghdr header;
        struct unix_diag_req what;
    } request = {.what = {.sdiag_family = AF_UNIX, .udiag_states = 1 << TCP_LISTEN}};
    request.what.udiag_show = UDIAG_SHOW_NAME | UDIAG_SHOW_VFS;
    request.what.udiag_cookie[0] = request.what.udiag_cookie[1] = INET_DIAG_NOCOOKIE;
    uint32_t number = next_number();
    if (ask(question, &request, sizeof request, number) < 0) return -1;
    if (hear(question, number, take_local, &search) < 0) return -1;
    return search.found;
}
