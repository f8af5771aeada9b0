// SPDX-License-Identifier: Apache-2.0
// Passes everything. For the far end of a veth that must accept frames sent by XDP redirect, and for tests.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("xdp.frags")
int fp_pass(struct xdp_md *ctx)
{
    return XDP_PASS;
}

char _license[] SEC("license") = "Dual BSD/GPL";
