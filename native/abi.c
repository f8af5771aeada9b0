// Prints sizes, offsets and numbers of the kernel's and libbpf's ABI that src/FastPath.Xdp declares again in C#.
// A unit test (tests/FastPath.Tests/Xdp/Interop/KernelAbiTests.cs) compares. One fact a line:
//   const NAME VALUE
//   struct NAME BYTES
//   field STRUCT NAME OFFSET BYTES
//   own NAME KERNEL        this program's own definition, because the installed headers are older than KERNEL
#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <linux/bpf.h>
#include <linux/ethtool.h>
#include <linux/if.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/if_xdp.h>
#include <linux/magic.h>
#include <linux/neighbour.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/sockios.h>
#include <linux/time_types.h>
#include <linux/version.h>
#include <linux/veth.h>
#include <bpf/bpf.h>

#define CONST(name) printf("const %s %llu\n", #name, (unsigned long long)(name))
#define STRUCT(type) NAMED(type, struct type)
#define NAMED(name, type) printf("struct %s %zu\n", #name, sizeof(type))
#define FIELD(type, field) NAMED_FIELD(type, struct type, field)
#define NAMED_FIELD(name, type, field) \
    printf("field %s %s %zu %zu\n", #name, #field, offsetof(type, field), sizeof(((type *)0)->field))
#define BPF_LINK_INFO_XDP_IFINDEX offsetof(struct bpf_link_info, xdp.ifindex)
#define OWN(name, kernel) printf("own %s %s\n", #name, kernel)

// Debian 12 has the headers of Linux 6.1. What came later is defined here as in the kernel named beside it.
// Where the installed headers have it, theirs is used.

#ifndef XDP_USE_SG // Linux 6.6: packets of several chunks
#define OWN_SG 1
#define XDP_USE_SG (1 << 4)
#define XDP_PKT_CONTD (1 << 0)
#endif

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 6, 0) // Linux 6.6: tcx, as enumerators
#define OWN_TCX 1
#define BPF_TCX_INGRESS 46
#define BPF_TCX_EGRESS 47
#endif

#ifndef XDP_UMEM_TX_METADATA_LEN // Linux 6.8: TX metadata; the field took the place of padding
#define OWN_TX_METADATA 1
#define XDP_UMEM_TX_METADATA_LEN (1 << 2)
#define XDP_TX_METADATA (1 << 1)
#define XDP_TXMD_FLAGS_CHECKSUM (1 << 1)
struct own_umem_reg {
    __u64 addr;
    __u64 len;
    __u32 chunk_size;
    __u32 headroom;
    __u32 flags;
    __u32 tx_metadata_len;
};
#else
#define own_umem_reg xdp_umem_reg
#endif

#ifndef XDP_TXMD_FLAGS_LAUNCH_TIME // Linux 6.14: launch time, the last field of the request
#define OWN_LAUNCH_TIME 1
struct own_tx_metadata {
    __u64 flags;
    union {
        struct {
            __u16 csum_start;
            __u16 csum_offset;
            __u64 launch_time;
        } request;
        struct {
            __u64 tx_timestamp;
        } completion;
    };
};
#else
#define own_tx_metadata xsk_tx_metadata
#endif

#ifndef XDP_MAX_TX_SKB_BUDGET // Linux 6.18: packets for each transmit call
#define OWN_BUDGET 1
#define XDP_MAX_TX_SKB_BUDGET 9
#endif

static void own_definitions(void)
{
#ifdef OWN_SG
    OWN(XDP_USE_SG, "6.6");
    OWN(XDP_PKT_CONTD, "6.6");
#endif
#ifdef OWN_TCX
    OWN(BPF_TCX_INGRESS, "6.6");
    OWN(BPF_TCX_EGRESS, "6.6");
#endif
#ifdef OWN_TX_METADATA
    OWN(XDP_UMEM_TX_METADATA_LEN, "6.8");
    OWN(XDP_TX_METADATA, "6.8");
    OWN(XDP_TXMD_FLAGS_CHECKSUM, "6.8");
    OWN(xdp_umem_reg, "6.8");
#endif
#ifdef OWN_LAUNCH_TIME
    OWN(xsk_tx_metadata, "6.14");
#endif
#ifdef OWN_BUDGET
    OWN(XDP_MAX_TX_SKB_BUDGET, "6.18");
#endif
}

static void xdp_numbers(void)
{
    CONST(AF_XDP);
    CONST(SOL_XDP);
    CONST(XDP_MMAP_OFFSETS);
    CONST(XDP_RX_RING);
    CONST(XDP_TX_RING);
    CONST(XDP_UMEM_REG);
    CONST(XDP_UMEM_FILL_RING);
    CONST(XDP_UMEM_COMPLETION_RING);
    CONST(XDP_STATISTICS);
    CONST(XDP_OPTIONS);
    CONST(XDP_MAX_TX_SKB_BUDGET);
    CONST(XDP_SHARED_UMEM);
    CONST(XDP_COPY);
    CONST(XDP_ZEROCOPY);
    CONST(XDP_USE_NEED_WAKEUP);
    CONST(XDP_USE_SG);
    CONST(XDP_UMEM_UNALIGNED_CHUNK_FLAG);
    CONST(XDP_UMEM_TX_METADATA_LEN);
    CONST(XDP_OPTIONS_ZEROCOPY);
    CONST(XDP_RING_NEED_WAKEUP);
    CONST(XDP_PKT_CONTD);
    CONST(XDP_TX_METADATA);
    CONST(XDP_TXMD_FLAGS_CHECKSUM);
    CONST(XDP_PGOFF_RX_RING);
    CONST(XDP_PGOFF_TX_RING);
    CONST(XDP_UMEM_PGOFF_FILL_RING);
    CONST(XDP_UMEM_PGOFF_COMPLETION_RING);
    CONST(XSK_UNALIGNED_BUF_OFFSET_SHIFT);
    CONST(XDP_PACKET_HEADROOM);
    CONST(XDP_FLAGS_UPDATE_IF_NOEXIST);
    CONST(XDP_FLAGS_SKB_MODE);
    CONST(XDP_FLAGS_DRV_MODE);
    CONST(BPF_XDP);
    CONST(BPF_TCX_INGRESS);
    CONST(BPF_TCX_EGRESS);
    CONST(BPF_F_XDP_HAS_FRAGS);
    CONST(BPF_FS_MAGIC);
    CONST(BPF_LINK_INFO_XDP_IFINDEX);
    CONST(MNT_DETACH);
    CONST(SCM_RIGHTS);
    CONST(SO_SNDBUFFORCE);
    CONST(MADV_HUGEPAGE);
    CONST(SO_RCVBUFFORCE);
    CONST(SO_COOKIE);
    CONST(SO_INCOMING_NAPI_ID);
    CONST(SO_BUSY_POLL);
    CONST(SO_PREFER_BUSY_POLL);
    CONST(SO_BUSY_POLL_BUDGET);
    CONST(EPOLLIN);
    CONST(__NR_epoll_pwait2);
}

static void error_numbers(void)
{
    CONST(EPERM);
    CONST(ENOENT);
    CONST(ESRCH);
    CONST(EINTR);
    CONST(ENXIO);
    CONST(EBADF);
    CONST(EAGAIN);
    CONST(ENOMEM);
    CONST(EACCES);
    CONST(EBUSY);
    CONST(EEXIST);
    CONST(ENODEV);
    CONST(EINVAL);
    CONST(ENOSPC);
    CONST(ENOSYS);
    CONST(ENOLINK);
    CONST(EPROTO);
    CONST(ENOPROTOOPT);
    CONST(EOPNOTSUPP);
    CONST(EADDRINUSE);
    CONST(EADDRNOTAVAIL);
    CONST(ENETDOWN);
    CONST(ENETUNREACH);
    CONST(ENOBUFS);
    CONST(ETIMEDOUT);
    CONST(EHOSTUNREACH);
}

static void xdp_structs(void)
{
    NAMED(xdp_umem_reg, struct own_umem_reg);
    NAMED_FIELD(xdp_umem_reg, struct own_umem_reg, addr);
    NAMED_FIELD(xdp_umem_reg, struct own_umem_reg, len);
    NAMED_FIELD(xdp_umem_reg, struct own_umem_reg, chunk_size);
    NAMED_FIELD(xdp_umem_reg, struct own_umem_reg, headroom);
    NAMED_FIELD(xdp_umem_reg, struct own_umem_reg, flags);
    NAMED_FIELD(xdp_umem_reg, struct own_umem_reg, tx_metadata_len);

    STRUCT(sockaddr_xdp);
    FIELD(sockaddr_xdp, sxdp_family);
    FIELD(sockaddr_xdp, sxdp_flags);
    FIELD(sockaddr_xdp, sxdp_ifindex);
    FIELD(sockaddr_xdp, sxdp_queue_id);
    FIELD(sockaddr_xdp, sxdp_shared_umem_fd);

    STRUCT(xdp_ring_offset);
    FIELD(xdp_ring_offset, producer);
    FIELD(xdp_ring_offset, consumer);
    FIELD(xdp_ring_offset, desc);
    FIELD(xdp_ring_offset, flags);

    STRUCT(xdp_mmap_offsets);
    FIELD(xdp_mmap_offsets, rx);
    FIELD(xdp_mmap_offsets, tx);
    FIELD(xdp_mmap_offsets, fr);
    FIELD(xdp_mmap_offsets, cr);

    STRUCT(xdp_desc);
    FIELD(xdp_desc, addr);
    FIELD(xdp_desc, len);
    FIELD(xdp_desc, options);

    STRUCT(xdp_statistics);
    FIELD(xdp_statistics, rx_dropped);
    FIELD(xdp_statistics, rx_invalid_descs);
    FIELD(xdp_statistics, tx_invalid_descs);
    FIELD(xdp_statistics, rx_ring_full);
    FIELD(xdp_statistics, rx_fill_ring_empty_descs);
    FIELD(xdp_statistics, tx_ring_empty_descs);

    NAMED(xsk_tx_metadata, struct own_tx_metadata);
    NAMED_FIELD(xsk_tx_metadata, struct own_tx_metadata, flags);
    NAMED_FIELD(xsk_tx_metadata, struct own_tx_metadata, request.csum_start);
    NAMED_FIELD(xsk_tx_metadata, struct own_tx_metadata, request.csum_offset);
    NAMED_FIELD(xsk_tx_metadata, struct own_tx_metadata, request.launch_time);

    STRUCT(bpf_link_create_opts);
    FIELD(bpf_link_create_opts, sz);
    FIELD(bpf_link_create_opts, flags);
    FIELD(bpf_link_create_opts, iter_info);
    FIELD(bpf_link_create_opts, iter_info_len);
    FIELD(bpf_link_create_opts, target_btf_id);

    STRUCT(bpf_test_run_opts);
    FIELD(bpf_test_run_opts, sz);
    FIELD(bpf_test_run_opts, data_in);
    FIELD(bpf_test_run_opts, data_out);
    FIELD(bpf_test_run_opts, data_size_in);
    FIELD(bpf_test_run_opts, data_size_out);
    FIELD(bpf_test_run_opts, ctx_in);
    FIELD(bpf_test_run_opts, ctx_out);
    FIELD(bpf_test_run_opts, ctx_size_in);
    FIELD(bpf_test_run_opts, ctx_size_out);
    FIELD(bpf_test_run_opts, retval);
    FIELD(bpf_test_run_opts, repeat);
    FIELD(bpf_test_run_opts, duration);
    FIELD(bpf_test_run_opts, flags);
    FIELD(bpf_test_run_opts, cpu);
    FIELD(bpf_test_run_opts, batch_size);
}

static void time_structs(void)
{
    STRUCT(__kernel_timespec);
    FIELD(__kernel_timespec, tv_sec);
    FIELD(__kernel_timespec, tv_nsec);

    STRUCT(timeval);
    FIELD(timeval, tv_sec);
    FIELD(timeval, tv_usec);
}

static void netlink_numbers(void)
{
    CONST(AF_NETLINK);
    CONST(AF_UNSPEC);
    CONST(AF_INET);
    CONST(AF_INET6);
    CONST(NETLINK_ROUTE);
    CONST(SOL_NETLINK);
    CONST(NETLINK_ADD_MEMBERSHIP);
    CONST(NETLINK_CAP_ACK);
    CONST(NETLINK_EXT_ACK);
    CONST(NETLINK_GET_STRICT_CHK);
    CONST(NLMSG_ERROR);
    CONST(NLMSG_DONE);
    CONST(NLM_F_REQUEST);
    CONST(NLM_F_ACK);
    CONST(NLM_F_DUMP_INTR);
    CONST(NLM_F_REPLACE);
    CONST(NLM_F_DUMP);
    CONST(NLM_F_EXCL);
    CONST(NLM_F_CREATE);
    CONST(NLM_F_CAPPED);
    CONST(NLM_F_ACK_TLVS);
    CONST(NLMSGERR_ATTR_MSG);
    // A negative int in the header; attribute types have 16 bits.
    printf("const NLA_TYPE_MASK %u\n", (unsigned)(__u16)NLA_TYPE_MASK);
}

static void rtnetlink_numbers(void)
{
    CONST(RTM_NEWLINK);
    CONST(RTM_DELLINK);
    CONST(RTM_GETLINK);
    CONST(RTM_NEWADDR);
    CONST(RTM_DELADDR);
    CONST(RTM_GETADDR);
    CONST(RTM_NEWROUTE);
    CONST(RTM_DELROUTE);
    CONST(RTM_GETROUTE);
    CONST(RTM_NEWNEIGH);
    CONST(RTM_DELNEIGH);
    CONST(RTM_GETNEIGH);
    CONST(RTNLGRP_LINK);
    CONST(RTNLGRP_NEIGH);
    CONST(RTNLGRP_IPV4_IFADDR);
    CONST(RTNLGRP_IPV4_ROUTE);
    CONST(RTNLGRP_IPV6_IFADDR);
    CONST(RTNLGRP_IPV6_ROUTE);
    CONST(RTA_DST);
    CONST(RTA_OIF);
    CONST(RTA_GATEWAY);
    CONST(RTA_PRIORITY);
    CONST(RTA_TABLE);
    CONST(RTN_UNSPEC);
    CONST(RTN_UNICAST);
    CONST(RTPROT_STATIC);
    CONST(RT_SCOPE_UNIVERSE);
    CONST(RT_SCOPE_LINK);
    CONST(RT_SCOPE_NOWHERE);
    CONST(RT_TABLE_MAIN);
}

static void link_numbers(void)
{
    CONST(IFLA_ADDRESS);
    CONST(IFLA_IFNAME);
    CONST(IFLA_MTU);
    CONST(IFLA_LINK);
    CONST(IFLA_MASTER);
    CONST(IFLA_OPERSTATE);
    CONST(IFLA_LINKINFO);
    CONST(IFLA_NET_NS_FD);
    CONST(IFLA_NUM_TX_QUEUES);
    CONST(IFLA_NUM_RX_QUEUES);
    CONST(IFLA_CARRIER);
    CONST(IFLA_LINK_NETNSID);
    CONST(IFLA_NEW_NETNSID);
    CONST(IFLA_MIN_MTU);
    CONST(IFLA_MAX_MTU);
    CONST(IFLA_INFO_KIND);
    CONST(IFLA_INFO_DATA);
    CONST(VETH_INFO_PEER);
    CONST(IFF_UP);
    CONST(IF_OPER_UNKNOWN);
    CONST(IF_OPER_NOTPRESENT);
    CONST(IF_OPER_DOWN);
    CONST(IF_OPER_LOWERLAYERDOWN);
    CONST(IF_OPER_TESTING);
    CONST(IF_OPER_DORMANT);
    CONST(IF_OPER_UP);
}

static void address_and_neighbor_numbers(void)
{
    CONST(IFA_ADDRESS);
    CONST(IFA_LOCAL);
    CONST(IFA_FLAGS);
    CONST(IFA_F_NODAD);
    CONST(IFA_F_DADFAILED);
    CONST(IFA_F_TENTATIVE);
    CONST(IFA_F_PERMANENT);
    CONST(NDA_DST);
    CONST(NDA_LLADDR);
    CONST(NTF_USE);
    CONST(NTF_PROXY);
    CONST(NUD_NONE);
    CONST(NUD_INCOMPLETE);
    CONST(NUD_REACHABLE);
    CONST(NUD_STALE);
    CONST(NUD_DELAY);
    CONST(NUD_PROBE);
    CONST(NUD_FAILED);
    CONST(NUD_NOARP);
    CONST(NUD_PERMANENT);
}

static void netlink_structs(void)
{
    STRUCT(sockaddr_nl);
    FIELD(sockaddr_nl, nl_family);
    FIELD(sockaddr_nl, nl_pad);
    FIELD(sockaddr_nl, nl_pid);
    FIELD(sockaddr_nl, nl_groups);

    STRUCT(nlmsghdr);
    FIELD(nlmsghdr, nlmsg_len);
    FIELD(nlmsghdr, nlmsg_type);
    FIELD(nlmsghdr, nlmsg_flags);
    FIELD(nlmsghdr, nlmsg_seq);
    FIELD(nlmsghdr, nlmsg_pid);

    STRUCT(nlmsgerr);
    FIELD(nlmsgerr, error);
    FIELD(nlmsgerr, msg);

    STRUCT(rtattr);
    FIELD(rtattr, rta_len);
    FIELD(rtattr, rta_type);

    STRUCT(ifinfomsg);
    FIELD(ifinfomsg, ifi_family);
    FIELD(ifinfomsg, __ifi_pad);
    FIELD(ifinfomsg, ifi_type);
    FIELD(ifinfomsg, ifi_index);
    FIELD(ifinfomsg, ifi_flags);
    FIELD(ifinfomsg, ifi_change);

    STRUCT(ifaddrmsg);
    FIELD(ifaddrmsg, ifa_family);
    FIELD(ifaddrmsg, ifa_prefixlen);
    FIELD(ifaddrmsg, ifa_flags);
    FIELD(ifaddrmsg, ifa_scope);
    FIELD(ifaddrmsg, ifa_index);

    STRUCT(rtmsg);
    FIELD(rtmsg, rtm_family);
    FIELD(rtmsg, rtm_dst_len);
    FIELD(rtmsg, rtm_src_len);
    FIELD(rtmsg, rtm_tos);
    FIELD(rtmsg, rtm_table);
    FIELD(rtmsg, rtm_protocol);
    FIELD(rtmsg, rtm_scope);
    FIELD(rtmsg, rtm_type);
    FIELD(rtmsg, rtm_flags);

    STRUCT(ndmsg);
    FIELD(ndmsg, ndm_family);
    FIELD(ndmsg, ndm_pad1);
    FIELD(ndmsg, ndm_pad2);
    FIELD(ndmsg, ndm_ifindex);
    FIELD(ndmsg, ndm_state);
    FIELD(ndmsg, ndm_flags);
    FIELD(ndmsg, ndm_type);
}

static void ethtool(void)
{
    CONST(SIOCETHTOOL);
    CONST(ETHTOOL_GSSET_INFO);
    CONST(ETHTOOL_GSTRINGS);
    CONST(ETHTOOL_GFEATURES);
    CONST(ETHTOOL_SFEATURES);
    CONST(ETHTOOL_GCHANNELS);
    CONST(ETH_SS_FEATURES);
    CONST(ETH_GSTRING_LEN);
    CONST(IFNAMSIZ);

    STRUCT(ifreq);
    NAMED_FIELD(ifreq, struct ifreq, ifr_ifrn.ifrn_name);
    NAMED_FIELD(ifreq, struct ifreq, ifr_ifru.ifru_data);

    STRUCT(ethtool_sset_info);
    FIELD(ethtool_sset_info, cmd);
    FIELD(ethtool_sset_info, reserved);
    FIELD(ethtool_sset_info, sset_mask);

    STRUCT(ethtool_gstrings);
    FIELD(ethtool_gstrings, cmd);
    FIELD(ethtool_gstrings, string_set);
    FIELD(ethtool_gstrings, len);

    STRUCT(ethtool_gfeatures);
    FIELD(ethtool_gfeatures, cmd);
    FIELD(ethtool_gfeatures, size);

    STRUCT(ethtool_get_features_block);
    FIELD(ethtool_get_features_block, available);
    FIELD(ethtool_get_features_block, requested);
    FIELD(ethtool_get_features_block, active);
    FIELD(ethtool_get_features_block, never_changed);

    STRUCT(ethtool_sfeatures);
    FIELD(ethtool_sfeatures, cmd);
    FIELD(ethtool_sfeatures, size);

    STRUCT(ethtool_set_features_block);
    FIELD(ethtool_set_features_block, valid);
    FIELD(ethtool_set_features_block, requested);

    STRUCT(ethtool_channels);
    FIELD(ethtool_channels, cmd);
    FIELD(ethtool_channels, max_rx);
    FIELD(ethtool_channels, max_tx);
    FIELD(ethtool_channels, max_other);
    FIELD(ethtool_channels, max_combined);
    FIELD(ethtool_channels, rx_count);
    FIELD(ethtool_channels, tx_count);
    FIELD(ethtool_channels, other_count);
    FIELD(ethtool_channels, combined_count);
}

int main(void)
{
    own_definitions();
    error_numbers();
    xdp_numbers();
    xdp_structs();
    time_structs();
    netlink_numbers();
    rtnetlink_numbers();
    link_numbers();
    address_and_neighbor_numbers();
    netlink_structs();
    ethtool();
    return 0;
}
