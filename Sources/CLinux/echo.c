#define _GNU_SOURCE
#include "clinux_network.h"

#include <errno.h>
#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <netinet/ip_icmp.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static int open_socket(int family, int type) {
    int protocol = family == AF_INET ? IPPROTO_ICMP : IPPROTO_ICMPV6;
    int fd = socket(family, type | SOCK_CLOEXEC | SOCK_NONBLOCK, protocol);
    return fd < 0 ? -errno : fd;
}

static socklen_t socket_address(const struct hf_address *from, struct sockaddr_storage *storage) {
    memset(storage, 0, sizeof *storage);
    if (from->family == 4) {
        struct sockaddr_in *four = (struct sockaddr_in *)storage;
        four->sin_family = AF_INET;
        memcpy(&four->sin_addr, from->bytes, 4);
        return sizeof *four;
    }
    struct sockaddr_in6 *six = (struct sockaddr_in6 *)storage;
    six->sin6_family = AF_INET6;
    six->sin6_scope_id = from->scope;
    memcpy(&six->sin6_addr, from->bytes, 16);
    return sizeof *six;
}

int hf_echo_open(int32_t family, const struct hf_address *source, bool *raw) {
    int domain = family == 4 ? AF_INET : AF_INET6;
    *raw = false;
    int fd = open_socket(domain, SOCK_DGRAM); /* refused outside net.ipv4.ping_group_range */
    if (fd == -EACCES || fd == -EPERM || fd == -EPROTONOSUPPORT) {
        *raw = true;
        fd = open_socket(domain, SOCK_RAW);
    }
    if (fd < 0) return fd;
    if (source) {
        struct sockaddr_storage storage;
        socklen_t length = socket_address(source, &storage);
        if (bind(fd, (struct sockaddr *)&storage, length) < 0) {
            int error = errno;
            close(fd);
            return -error;
        }
    }
    return fd;
}

static uint16_t checksum(const uint8_t *bytes, size_t count) {
    uint32_t sum = 0;
    for (size_t index = 0; index + 1 < count; index += 2)
        sum += (uint32_t)bytes[index] << 8 | bytes[index + 1];
    while (sum >> 16) sum = (sum & 0xFFFF) + (sum >> 16);
    return (uint16_t)~sum;
}

int hf_echo_send(int fd, const struct hf_address *to, uint16_t identifier, uint16_t sequence) {
    /* type, code, checksum, identifier, sequence, 8 bytes of data; the same layout in both families */
    uint8_t packet[16] = {to->family == 4 ? ICMP_ECHO : ICMP6_ECHO_REQUEST};
    packet[4] = (uint8_t)(identifier >> 8), packet[5] = (uint8_t)identifier;
    packet[6] = (uint8_t)(sequence >> 8), packet[7] = (uint8_t)sequence;
    memcpy(packet + 8, "holdfast", 8);
    if (to->family == 4) { /* the kernel fills in the checksum of ICMPv6 */
        uint16_t sum = checksum(packet, sizeof packet);
        packet[2] = (uint8_t)(sum >> 8), packet[3] = (uint8_t)sum;
    }
    struct sockaddr_storage storage;
    socklen_t length = socket_address(to, &storage);
    ssize_t result;
    do {
        result = sendto(fd, packet, sizeof packet, MSG_DONTWAIT | MSG_NOSIGNAL,
                        (struct sockaddr *)&storage, length);
    } while (result < 0 && errno == EINTR);
    return result < 0 ? -errno : 0;
}

static bool is_from(const struct sockaddr_storage *storage, const struct hf_address *wanted) {
    if (wanted->family == 4)
        return memcmp(&((const struct sockaddr_in *)storage)->sin_addr, wanted->bytes, 4) == 0;
    return memcmp(&((const struct sockaddr_in6 *)storage)->sin6_addr, wanted->bytes, 16) == 0;
}

int hf_echo_receive(int fd, int32_t family, bool raw, const struct hf_address *from, uint16_t identifier,
                    uint16_t *sequence) {
    uint8_t packet[256];
    struct sockaddr_storage storage;
    socklen_t length = sizeof storage;
    ssize_t got;
    do {
        got = recvfrom(fd, packet, sizeof packet, MSG_DONTWAIT, (struct sockaddr *)&storage, &length);
    } while (got < 0 && errno == EINTR);
    if (got < 0) return -errno;
    const uint8_t *message = packet;
    if (raw && family == 4) { /* a raw IPv4 socket shows the IP header */
        ssize_t header = (packet[0] & 15) * 4;
        message += header;
        got -= header;
    }
    if (got < 8 || !is_from(&storage, from)) return 0;
    if (message[0] != (family == 4 ? ICMP_ECHOREPLY : ICMP6_ECHO_REPLY)) return 0;
    if (raw && (message[4] != identifier >> 8 || message[5] != (identifier & 0xFF))) return 0;
    *sequence = (uint16_t)(message[6] << 8 | message[7]);
    return 1;
}
