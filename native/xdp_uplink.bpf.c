// SPDX-License-Identifier: Apache-2.0
// Shared uplink: only what the configuration claims goes to the AF_XDP socket; everything else stays with the kernel,
// also when no socket is there. Claims: UDP (address, port) of local VTEPs, owned MAC addresses, owned prefixes.
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
#define IP_FRAGMENT 0x3fff /* more-fragments flag and fragment offset */

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

static __always_inline int claim(struct xdp_md *ctx)
{
    return bpf_redirect_map(&fp_sockets, ctx->rx_queue_index, XDP_PASS);
}

static __always_inline int is_claimed_ip4(void *data, void *end)
{
    struct iphdr *ip = data + sizeof(struct ethhdr);

    if ((void *)(ip + 1) > end)
        return 0;

    struct prefix4 prefix = { .length = 32, .address = ip->daddr };

    if (bpf_map_lookup_elem(&fp_prefixes4, &prefix))
        return 1;
    if (ip->protocol != IPPROTO_UDP || ip->ihl != 5 || (ip->frag_off & bpf_htons(IP_FRAGMENT)))
        return 0;

    struct udphdr *udp = (void *)(ip + 1);

    if ((void *)(udp + 1) > end)
        return 0;

    struct endpoint vtep = { .address = ip->daddr, .port = udp->dest };

    return bpf_map_lookup_elem(&fp_vteps, &vtep) != NULL;
}

SEC("xdp.frags")
int fp_uplink(struct xdp_md *ctx)
{
    void *data = (void *)(long)ctx->data;
    void *end = (void *)(long)ctx->data_end;
    struct ethhdr *eth = data;
    struct mac mac = {};

    if ((void *)(eth + 1) > end)
        return XDP_PASS;

    __builtin_memcpy(mac.octets, eth->h_dest, ETH_ALEN);
    if (bpf_map_lookup_elem(&fp_macs, &mac))
        return claim(ctx);
    if (eth->h_proto == bpf_htons(ETH_P_IP) && is_claimed_ip4(data, end))
        return claim(ctx);

    return XDP_PASS;
}

char _license[] SEC("license") = "Dual BSD/GPL";
