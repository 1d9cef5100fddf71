/* UDP, carrier of interfaces, ICMP echo. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* An address with its port. family 4 or 6; an IPv4 address stands in the first four bytes. */
struct hf_address {
    int32_t family;
    uint16_t port;   /* host byte order */
    uint32_t scope;  /* interface index of a link-local IPv6 address, else 0 */
    uint8_t bytes[16];
};

/* Numbers only, never DNS: "10.0.0.1", "fd00::1", "fe80::1%eth0". The port is left alone. -EINVAL when it
   is none. */
int hf_address_parse(const char *text, struct hf_address *address);
/* Text without port, ended with 0. */
int hf_address_text(const struct hf_address *address, char *text, size_t size);

/* UDP socket bound to `address`; also before the address is configured (IP_FREEBIND). Nonblocking. */
int hf_udp_open(const struct hf_address *address, int receive_buffer);
/* sendto; the whole datagram or an error. */
long hf_udp_send(int fd, const void *bytes, size_t count, const struct hf_address *to);
/* recvfrom; the real length of the datagram, also where it is longer than `count` (MSG_TRUNC). */
long hf_udp_receive(int fd, void *bytes, size_t count, struct hf_address *from);
/* The port that a socket is bound to. */
int hf_udp_port(int fd);

/* A netlink socket that tells of link changes. Nonblocking. */
int hf_link_watch_open(void);
/* Asks for the state of all interfaces; the answers come through hf_link_watch_next. */
int hf_link_watch_request(int fd);

struct hf_link_change {
    int32_t index;    /* interface index */
    bool removed;     /* RTM_DELLINK */
    bool is_up;       /* administratively up */
    bool has_carrier; /* lower layer up */
    char name[16];    /* ended with 0 */
};
/* Reads one packet and stores up to `capacity` changes: the number, -EAGAIN when there is none, -ENOBUFS
   when the kernel dropped some (ask anew). `buffer` is room for one packet, at least 32 KiB. */
int hf_link_watch_next(int fd, void *buffer, size_t size, struct hf_link_change *changes, int capacity);
/* Interface index of a name; -errno. */
int hf_link_index(const char *name);

/* ICMP echo socket for `family`: a ping socket, else a raw one. Nonblocking. `raw` tells which. */
int hf_echo_open(int32_t family, const struct hf_address *source, bool *raw);
/* Sends one echo request. */
int hf_echo_send(int fd, const struct hf_address *to, uint16_t identifier, uint16_t sequence);
/* Next packet: 1 = an echo reply from `from` with this sequence, 0 = something else, -EAGAIN when there is
   none. On a raw socket only replies that carry `identifier` count. */
int hf_echo_receive(int fd, int32_t family, bool raw, const struct hf_address *from, uint16_t identifier,
                    uint16_t *sequence);
