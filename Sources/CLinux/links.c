#define _GNU_SOURCE
#include "clinux_network.h"

#include <errno.h>
#include <linux/if.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

int hf_link_watch_open(void) {
    int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_ROUTE);
    if (fd < 0) return -errno;
    struct sockaddr_nl address = {.nl_family = AF_NETLINK, .nl_groups = RTMGRP_LINK};
    int size = 512 * 1024;
    setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
    if (bind(fd, (struct sockaddr *)&address, sizeof address) < 0) {
        int error = errno;
        close(fd);
        return -error;
    }
    return fd;
}

int hf_link_watch_request(int fd) {
    struct {
        struct nlmsghdr header;
        struct ifinfomsg link;
    } request = {
        .header = {
            .nlmsg_len = sizeof request, .nlmsg_type = RTM_GETLINK, .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP,
            .nlmsg_seq = 1},
        .link = {.ifi_family = AF_UNSPEC}};
    struct sockaddr_nl kernel = {.nl_family = AF_NETLINK};
    ssize_t result;
    do {
        result = sendto(fd, &request, sizeof request, 0, (struct sockaddr *)&kernel, sizeof kernel);
    } while (result < 0 && errno == EINTR);
    return result < 0 ? -errno : 0;
}

static void store_change(const struct nlmsghdr *header, struct hf_link_change *change) {
    const struct ifinfomsg *link = NLMSG_DATA(header);
    memset(change, 0, sizeof *change);
    change->index = link->ifi_index;
    change->removed = header->nlmsg_type == RTM_DELLINK;
    change->is_up = (link->ifi_flags & IFF_UP) != 0;
    change->has_carrier = (link->ifi_flags & IFF_LOWER_UP) != 0;
    int left = (int)IFLA_PAYLOAD(header);
    for (const struct rtattr *item = IFLA_RTA(link); RTA_OK(item, left); item = RTA_NEXT(item, left)) {
        if (item->rta_type == IFLA_IFNAME)
            snprintf(change->name, sizeof change->name, "%.*s", (int)RTA_PAYLOAD(item),
                     (const char *)RTA_DATA(item));
    }
}

int hf_link_watch_next(int fd, void *buffer, size_t size, struct hf_link_change *changes, int capacity) {
    struct sockaddr_nl from;
    socklen_t length = sizeof from;
    ssize_t got;
    do {
        got = recvfrom(fd, buffer, size, MSG_DONTWAIT, (struct sockaddr *)&from, &length);
    } while (got < 0 && errno == EINTR);
    if (got < 0) return -errno;
    if (from.nl_pid != 0) return 0; /* not from the kernel */
    int count = 0;
    unsigned left = (unsigned)got;
    for (const struct nlmsghdr *header = buffer; NLMSG_OK(header, left); header = NLMSG_NEXT(header, left)) {
        if (header->nlmsg_type != RTM_NEWLINK && header->nlmsg_type != RTM_DELLINK) continue;
        if (header->nlmsg_len < NLMSG_LENGTH(sizeof(struct ifinfomsg))) continue;
        if (count == capacity) return -ENOBUFS;
        store_change(header, &changes[count++]);
    }
    return count;
}
