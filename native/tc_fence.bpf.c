// SPDX-License-Identifier: Apache-2.0
// Dedicated port, second line: between the device and the host's own network stack nothing passes, in either direction.
// Frames of AF_XDP do not come this way. veth takes its XDP program away before it stops receiving when it goes down
// (drivers/net/veth.c, veth_disable_xdp), and without this the host's stack got those frames.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#define DROP 2 // TCX_DROP of linux/bpf.h, which headers before 6.6 do not have

SEC("tc")
int fp_fence(struct __sk_buff *frame)
{
    return DROP;
}

char _license[] SEC("license") = "Dual BSD/GPL";
