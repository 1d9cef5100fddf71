#define _GNU_SOURCE
#include "clinux_network.h"

#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static socklen_t to_socket_address(const struct hf_address *address, struct sockaddr_storage *storage) {
    memset(storage, 0, sizeof *storage);
    if (address->family == 4) {
        struct sockaddr_in *four = (struct sockaddr_in *)storage;
        four->sin_family = AF_INET;
        four->sin_port = htons(address->port);
        memcpy(&four->sin_addr, address->bytes, 4);
        return sizeof *four;
    }
    struct sockaddr_in6 *six = (struct sockaddr_in6 *)storage;
    six->sin6_family = AF_INET6;
    six->sin6_port = htons(address->port);
    six->sin6_scope_id = address->scope;
    memcpy(&six->sin6_addr, address->bytes, 16);
    return sizeof *six;
}

static void from_socket_address(const struct sockaddr_storage *storage, struct hf_address *address) {
    memset(address, 0, sizeof *address);
    if (storage->ss_family == AF_INET) {
        const struct sockaddr_in *four = (const struct sockaddr_in *)storage;
        address->family = 4;
        address->port = ntohs(four->sin_port);
        memcpy(address->bytes, &four->sin_addr, 4);
    } else if (storage->ss_family == AF_INET6) {
        const struct sockaddr_in6 *six = (const struct sockaddr_in6 *)storage;
        address->family = 6;
        address->port = ntohs(six->sin6_port);
        address->scope = six->sin6_scope_id;
        memcpy(address->bytes, &six->sin6_addr, 16);
    }
}

int hf_address_parse(const char *text, struct hf_address *address) {
    memset(address->bytes, 0, sizeof address->bytes);
    address->scope = 0;
    if (inet_pton(AF_INET, text, address->bytes) == 1) {
        address->family = 4;
        return 0;
    }
    char copy[80];
    if (snprintf(copy, sizeof copy, "%s", text) >= (int)sizeof copy) return -EINVAL;
    char *zone = strchr(copy, '%');
    if (zone) {
        *zone++ = 0;
        address->scope = if_nametoindex(zone);
        if (address->scope == 0) address->scope = (uint32_t)strtoul(zone, NULL, 10);
        if (address->scope == 0) return -ENODEV;
    }
    if (inet_pton(AF_INET6, copy, address->bytes) != 1) return -EINVAL;
    address->family = 6;
    return 0;
}

int hf_address_text(const struct hf_address *address, char *text, size_t size) {
    int family = address->family == 4 ? AF_INET : AF_INET6;
    return inet_ntop(family, address->bytes, text, (socklen_t)size) ? 0 : -errno;
}

int hf_udp_open(const struct hf_address *address, int receive_buffer) {
    struct sockaddr_storage storage;
    socklen_t length = to_socket_address(address, &storage);
    int fd = socket(storage.ss_family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0) return -errno;
    int one = 1;
    /* Bound before the address is there: heartbeats start by themselves when it comes, and come back after
       it went. */
    if (address->family == 4) {
        setsockopt(fd, IPPROTO_IP, IP_FREEBIND, &one, sizeof one);
    } else {
        setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &one, sizeof one);
        setsockopt(fd, IPPROTO_IPV6, IPV6_FREEBIND, &one, sizeof one);
    }
    /* Beyond net.core.rmem_max where allowed; else up to it. */
    if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &receive_buffer, sizeof receive_buffer) < 0)
        setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
    int priority = 6; /* TC_PRIO_INTERACTIVE: ahead of bulk traffic in the queue of the interface */
    setsockopt(fd, SOL_SOCKET, SO_PRIORITY, &priority, sizeof priority);
    if (bind(fd, (struct sockaddr *)&storage, length) < 0) {
        int error = errno;
        close(fd);
        return -error;
    }
    return fd;
}

long hf_udp_send(int fd, const void *bytes, size_t count, const struct hf_address *to) {
    struct sockaddr_storage storage;
    socklen_t length = to_socket_address(to, &storage);
    ssize_t result;
    do {
        result = sendto(fd, bytes, count, MSG_DONTWAIT | MSG_NOSIGNAL, (struct sockaddr *)&storage, length);
    } while (result < 0 && errno == EINTR);
    return result < 0 ? -errno : result;
}

long hf_udp_receive(int fd, void *bytes, size_t count, struct hf_address *from) {
    struct sockaddr_storage storage;
    socklen_t length = sizeof storage;
    ssize_t result;
    do {
        result = recvfrom(fd, bytes, count, MSG_DONTWAIT | MSG_TRUNC, (struct sockaddr *)&storage, &length);
    } while (result < 0 && errno == EINTR);
    if (result < 0) return -errno;
    from_socket_address(&storage, from);
    return result;
}

int hf_udp_port(int fd) {
    struct sockaddr_storage storage;
    socklen_t length = sizeof storage;
    if (getsockname(fd, (struct sockaddr *)&storage, &length) < 0) return -errno;
    struct hf_address address;
    from_socket_address(&storage, &address);
    return address.port;
}

int hf_link_index(const char *name) {
    unsigned index = if_nametoindex(name);
    return index == 0 ? -errno : (int)index;
}
