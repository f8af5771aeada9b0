// SPDX-License-Identifier: Apache-2.0
// Shared uplink: only what the configuration claims goes to the AF_XDP socket; everything else stays with the kernel,
// also when no socket is there. Claims: UDP (address, port) of local VTEPs, owned MAC addresses, owned prefixes.
//
// Of a VTEP's address only this is ours, because the host has the address too:
//   - UDP to the VTEP's port, also a first fragment: FastPath then counts it, as RFC 7348 4.3 lets a VTEP discard
//     fragments. Later fragments name no port; they may be the host's and pass. The host discards ours in 30 s.
//   - ICMP errors about a VXLAN packet we sent: the host has no socket that they could be for.
// Tagged frames are the host's VLAN devices' unless they go to an owned MAC address.
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/udp.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#define QUEUES_MAX 64
#define CLAIMS_MAX 4096
#define IP_OFFSET 0x1fff /* fragment offset */

/* RFC 792; linux/icmp.h would pull in the C library's headers. */
#define ICMP_DEST_UNREACH 3
#define ICMP_TIME_EXCEEDED 11
#define ICMP_PARAMETERPROB 12

struct icmphdr {
    __u8 type;
    __u8 code;
    __sum16 checksum;
    __be32 rest;
};

struct {
    __uint(type, BPF_MAP_TYPE_XSKMAP);
    __uint(max_entries, QUEUES_MAX);
    __type(key, __u32);
    __type(value, __u32);
} fp_sockets SEC(".maps");

struct endpoint {
    __be32 address;
    __be16 port;
    __u16 zero;
};

struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(max_entries, CLAIMS_MAX);
    __type(key, struct endpoint);
    __type(value, __u32);
} fp_vteps SEC(".maps");

struct mac {
    __u8 octets[ETH_ALEN];
    __u16 zero;
};

struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(max_entries, CLAIMS_MAX);
    __type(key, struct mac);
    __type(value, __u32);
} fp_macs SEC(".maps");

struct prefix4 {
    __u32 length;
    __be32 address;
};

struct {
    __uint(type, BPF_MAP_TYPE_LPM_TRIE);
    __uint(map_flags, BPF_F_NO_PREALLOC);
    __uint(max_entries, CLAIMS_MAX);
    __type(key, struct prefix4);
    __type(value, __u32);
} fp_prefixes4 SEC(".maps");

struct prefix6 {
    __u32 length;
    struct in6_addr address;
};

struct {
    __uint(type, BPF_MAP_TYPE_LPM_TRIE);
    __uint(map_flags, BPF_F_NO_PREALLOC);
    __uint(max_entries, CLAIMS_MAX);
    __type(key, struct prefix6);
    __type(value, __u32);
} fp_prefixes6 SEC(".maps");

/*
 * Which kinds of claims there are: a lookup in an empty map would still cost each of the host's packets some 50 ns. A kind
 * is named before its first entry and until its last one is gone.
 */
#define KIND_VTEPS 1
#define KIND_MACS 2
#define KIND_PREFIXES4 4
#define KIND_PREFIXES6 8

struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(max_entries, 1);
    __type(key, __u32);
    __type(value, __u32);
} fp_kinds SEC(".maps");

static __always_inline __u32 claimed_kinds(void)
{
    __u32 first = 0;
    __u32 *kinds = bpf_map_lookup_elem(&fp_kinds, &first);

    return kinds ? *kinds : 0;
}

static __always_inline int claim(struct xdp_md *ctx)
{
    return bpf_redirect_map(&fp_sockets, ctx->rx_queue_index, XDP_PASS);
}

static __always_inline int is_vtep(__be32 address, __be16 port)
{
    struct endpoint vtep = { .address = address, .port = port };

    return bpf_map_lookup_elem(&fp_vteps, &vtep) != NULL;
}

/* The transport header of a packet that is whole or a first fragment; NULL when it is not there. */
static __always_inline void *transport(struct iphdr *ip, void *end)
{
    void *header = (void *)ip + ip->ihl * 4;

    if (ip->ihl < 5 || (ip->frag_off & bpf_htons(IP_OFFSET)) || header > end)
        return NULL;
    return header;
}

static __always_inline int is_udp_to_vtep(struct udphdr *udp, __be32 address, void *end)
{
    return (void *)(udp + 1) <= end && is_vtep(address, udp->dest);
}

/* An ICMP error quotes the packet it is about: from the VTEP's address, to a VTEP's port. */
static __always_inline int is_error_about_vxlan(struct icmphdr *icmp, __be32 address, void *end)
{
    struct iphdr *quoted = (void *)(icmp + 1);

    if ((void *)(quoted + 1) > end)
        return 0;
    if (icmp->type != ICMP_DEST_UNREACH && icmp->type != ICMP_TIME_EXCEEDED && icmp->type != ICMP_PARAMETERPROB)
        return 0;
    if (quoted->protocol != IPPROTO_UDP || quoted->saddr != address)
        return 0;

    struct udphdr *udp = transport(quoted, end);

    return udp && is_udp_to_vtep(udp, address, end);
}

static __always_inline int is_claimed_ip4(void *data, void *end, __u32 kinds)
{
    struct iphdr *ip = data + sizeof(struct ethhdr);

    if ((void *)(ip + 1) > end)
        return 0;

    struct prefix4 prefix = { .length = 32, .address = ip->daddr };

    if ((kinds & KIND_PREFIXES4) && bpf_map_lookup_elem(&fp_prefixes4, &prefix))
        return 1;
    if (!(kinds & KIND_VTEPS))
        return 0;

    void *header = transport(ip, end);

    if (!header)
        return 0;
    if (ip->protocol == IPPROTO_UDP)
        return is_udp_to_vtep(header, ip->daddr, end);
    return ip->protocol == IPPROTO_ICMP && is_error_about_vxlan(header, ip->daddr, end);
}

static __always_inline int is_claimed_ip6(void *data, void *end)
{
    struct ipv6hdr *ip = data + sizeof(struct ethhdr);

    if ((void *)(ip + 1) > end)
        return 0;

    struct prefix6 prefix = { .length = 128, .address = ip->daddr };

    return bpf_map_lookup_elem(&fp_prefixes6, &prefix) != NULL;
}

static __always_inline int is_claimed_mac(struct ethhdr *eth)
{
    struct mac mac = {};

    __builtin_memcpy(mac.octets, eth->h_dest, ETH_ALEN);
    return bpf_map_lookup_elem(&fp_macs, &mac) != NULL;
}

SEC("xdp")
int fp_uplink(struct xdp_md *ctx)
{
    void *data = (void *)(long)ctx->data;
    void *end = (void *)(long)ctx->data_end;
    struct ethhdr *eth = data;
    __u32 kinds = claimed_kinds();

    if ((void *)(eth + 1) > end)
        return XDP_PASS;

    if ((kinds & KIND_MACS) && is_claimed_mac(eth))
        return claim(ctx);
    if (eth->h_proto == bpf_htons(ETH_P_IP) && is_claimed_ip4(data, end, kinds))
        return claim(ctx);
    if ((kinds & KIND_PREFIXES6) && eth->h_proto == bpf_htons(ETH_P_IPV6) && is_claimed_ip6(data, end))
        return claim(ctx);

    return XDP_PASS;
}

char _license[] SEC("license") = "Dual BSD/GPL";
