using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FastPath.Xdp;
using FastPath.Xdp.Interop;
using FastPath.Xdp.Netlink;
using Xunit;

namespace FastPath.Tests.Xdp.Interop;

/// <summary>What FastPath.Xdp declares of the kernel's ABI, against a C program that includes the headers.</summary>
public sealed class KernelAbiTests(ITestOutputHelper output)
{
    private const BindingFlags Constants =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly KernelAbi s_abi = KernelAbi.Read();

    /// <summary>Names of ours for numbers of the kernel.</summary>
    private static readonly Dictionary<string, string> s_aliases = new()
    {
        ["UnalignedOffsetShift"] = "XSK_UNALIGNED_BUF_OFFSET_SHIFT",
        ["PacketHeadroom"] = "XDP_PACKET_HEADROOM",
        ["EpollPwait2Number"] = "__NR_epoll_pwait2",
    };

    /// <summary>
    /// Our struct, the C struct, and each of our fields with its C name; "-" is a hole of the C struct that we name.
    /// Fields that only fill a place begin with an underscore and are not here.
    /// </summary>
    private static readonly Dictionary<string, string> s_structs = new()
    {
        ["XdpUmemReg"] = "xdp_umem_reg"
            + " Address=addr Length=len ChunkSize=chunk_size Headroom=headroom Flags=flags"
            + " TxMetadataLength=tx_metadata_len",
        ["SockaddrXdp"] = "sockaddr_xdp"
            + " Family=sxdp_family Flags=sxdp_flags IfIndex=sxdp_ifindex QueueId=sxdp_queue_id"
            + " SharedUmemFd=sxdp_shared_umem_fd",
        ["XdpRingOffset"] = "xdp_ring_offset"
            + " Producer=producer Consumer=consumer Descriptors=desc Flags=flags",
        ["XdpMmapOffsets"] = "xdp_mmap_offsets"
            + " Rx=rx Tx=tx Fill=fr Completion=cr",
        ["XdpTxMetadata"] = "xsk_tx_metadata"
            + " Flags=flags ChecksumStart=request.csum_start ChecksumOffset=request.csum_offset Pad=-"
            + " LaunchTime=request.launch_time",
        ["XdpDescriptor"] = "xdp_desc"
            + " Address=addr Length=len Options=options",
        ["XdpStatistics"] = "xdp_statistics"
            + " RxDropped=rx_dropped RxInvalidDescriptors=rx_invalid_descs"
            + " TxInvalidDescriptors=tx_invalid_descs RxRingFull=rx_ring_full"
            + " RxFillRingEmpty=rx_fill_ring_empty_descs TxRingEmpty=tx_ring_empty_descs",
        ["LinkCreateOptions"] = "bpf_link_create_opts"
            + " Size=sz Flags=flags IteratorInfo=iter_info IteratorInfoLength=iter_info_len"
            + " TargetBtfId=target_btf_id",
        ["TestRunOptions"] = "bpf_test_run_opts"
            + " Size=sz DataIn=data_in DataOut=data_out DataSizeIn=data_size_in DataSizeOut=data_size_out"
            + " ContextIn=ctx_in ContextOut=ctx_out ContextSizeIn=ctx_size_in ContextSizeOut=ctx_size_out"
            + " Result=retval Repeat=repeat Duration=duration Flags=flags Cpu=cpu BatchSize=batch_size",
        ["KernelTimespec"] = "__kernel_timespec"
            + " Seconds=tv_sec Nanoseconds=tv_nsec",
        ["KernelTimeval"] = "timeval"
            + " Seconds=tv_sec Microseconds=tv_usec",
        ["SockaddrNl"] = "sockaddr_nl"
            + " Family=nl_family Pad=nl_pad PortId=nl_pid Groups=nl_groups",
        ["NlMsgHdr"] = "nlmsghdr"
            + " Length=nlmsg_len Type=nlmsg_type Flags=nlmsg_flags Sequence=nlmsg_seq"
            + " PortId=nlmsg_pid",
        ["NlMsgErr"] = "nlmsgerr"
            + " Error=error Request=msg",
        ["RtAttr"] = "rtattr"
            + " Length=rta_len Type=rta_type",
        ["IfInfoMsg"] = "ifinfomsg"
            + " Family=ifi_family Pad=__ifi_pad DeviceType=ifi_type Index=ifi_index Flags=ifi_flags"
            + " Change=ifi_change",
        ["IfAddrMsg"] = "ifaddrmsg"
            + " Family=ifa_family PrefixLength=ifa_prefixlen Flags=ifa_flags Scope=ifa_scope"
            + " Index=ifa_index",
        ["RtMsg"] = "rtmsg"
            + " Family=rtm_family DestinationLength=rtm_dst_len SourceLength=rtm_src_len"
            + " TypeOfService=rtm_tos Table=rtm_table Protocol=rtm_protocol Scope=rtm_scope"
            + " RouteType=rtm_type Flags=rtm_flags",
        ["NdMsg"] = "ndmsg"
            + " Family=ndm_family Pad1=ndm_pad1 Pad2=ndm_pad2 Index=ndm_ifindex State=ndm_state"
            + " Flags=ndm_flags RouteType=ndm_type",
        ["IfReq"] = "ifreq"
            + " Name=ifr_ifrn.ifrn_name Data=ifr_ifru.ifru_data",
        ["EthtoolSsetInfo"] = "ethtool_sset_info"
            + " Command=cmd Reserved=reserved Mask=sset_mask",
        ["EthtoolGstrings"] = "ethtool_gstrings"
            + " Command=cmd StringSet=string_set Length=len",
        ["EthtoolGfeatures"] = "ethtool_gfeatures"
            + " Command=cmd Size=size",
        ["EthtoolGetFeaturesBlock"] = "ethtool_get_features_block"
            + " Available=available Requested=requested Active=active NeverChanged=never_changed",
        ["EthtoolSfeatures"] = "ethtool_sfeatures"
            + " Command=cmd Size=size",
        ["EthtoolSetFeaturesBlock"] = "ethtool_set_features_block"
            + " Valid=valid Requested=requested",
        ["EthtoolChannels"] = "ethtool_channels"
            + " Command=cmd MaxRx=max_rx MaxTx=max_tx MaxOther=max_other MaxCombined=max_combined"
            + " Rx=rx_count Tx=tx_count Other=other_count Combined=combined_count",
    };

    public static TheoryData<string> Structs() => new(KernelStructs().Select(type => type.Name));

    [Fact]
    public void Every_number_is_the_kernels()
    {
        List<string> wrong = [];
        foreach (FieldInfo field in KernelNumbers())
        {
            string name = s_aliases.GetValueOrDefault(field.Name, field.Name);
            decimal ours = Convert.ToDecimal(field.GetRawConstantValue(), CultureInfo.InvariantCulture);
            if (name[0] == 'E')
                ours = Math.Abs(ours); // Sys gives errors as negative numbers
            if (!s_abi.Numbers.TryGetValue(name, out ulong theirs))
                wrong.Add($"{field.DeclaringType!.Name}.{field.Name} has no line in native/abi.c");
            else if (ours != theirs)
                wrong.Add($"{field.DeclaringType!.Name}.{field.Name} is {ours}, the kernel's is {theirs}");
        }

        Assert.Empty(wrong);
        Assert.True(KernelNumbers().Count() > 100, "the search for numbers finds them");
    }

    [Theory]
    [MemberData(nameof(Structs))]
    public void A_struct_lies_in_memory_as_the_kernels(string name)
    {
        Assert.True(s_structs.TryGetValue(name, out string? line), $"{name} has no line here and in native/abi.c");
        Type type = KernelStructs().Single(each => each.Name == name);
        string[] words = line.Split(' ');
        Dictionary<string, string> cNames =
            words[1..].Select(word => word.Split('=')).ToDictionary(pair => pair[0], pair => pair[1]);
        FieldInfo[] fields = [.. type.GetFields(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance)
            .Where(field => field.Name[0] != '_')];

        Assert.Equal(s_abi.Sizes[words[0]], SizeOf(type));
        Assert.Equal(cNames.Keys.Order(), fields.Select(field => field.Name).Order());
        foreach (FieldInfo field in fields)
            if (cNames[field.Name] != "-")
                Assert.Equal(
                    (field.Name, s_abi.Fields[$"{words[0]}.{cNames[field.Name]}"]),
                    (field.Name, new FieldPlace(OffsetOf(type, field), SizeOf(field.FieldType))));
    }

    [Theory]
    [InlineData(OperationalState.Unknown, "IF_OPER_UNKNOWN")]
    [InlineData(OperationalState.NotPresent, "IF_OPER_NOTPRESENT")]
    [InlineData(OperationalState.Down, "IF_OPER_DOWN")]
    [InlineData(OperationalState.LowerLayerDown, "IF_OPER_LOWERLAYERDOWN")]
    [InlineData(OperationalState.Testing, "IF_OPER_TESTING")]
    [InlineData(OperationalState.Dormant, "IF_OPER_DORMANT")]
    [InlineData(OperationalState.Up, "IF_OPER_UP")]
    public void An_operational_state_is_the_kernels(OperationalState state, string name) =>
        Assert.Equal(s_abi.Numbers[name], (ulong)state);

    [Fact]
    public void What_the_headers_lack_is_known_and_named()
    {
        // Linux 6.1 of Debian 12 lacks all of them; newer headers lack fewer.
        string[] known =
        [
            "XDP_USE_SG", "XDP_PKT_CONTD", "BPF_TCX_INGRESS", "BPF_TCX_EGRESS", "XDP_UMEM_TX_METADATA_LEN",
            "XDP_TX_METADATA", "XDP_TXMD_FLAGS_CHECKSUM", "xdp_umem_reg", "xsk_tx_metadata", "XDP_MAX_TX_SKB_BUDGET",
        ];
        foreach ((string name, string kernel) in s_abi.OwnDefinitions)
            output.WriteLine($"{name}: native/abi.c has its own definition, the headers are older than {kernel}");
        Assert.Empty(s_abi.OwnDefinitions.Keys.Except(known));
    }

    /// <summary>Constants with the kernel's spelling, wherever they are, and all in the classes of numbers.</summary>
    private static IEnumerable<FieldInfo> KernelNumbers() =>
        from type in typeof(XdpSocket).Assembly.GetTypes()
        from field in type.GetFields(Constants)
        where field.IsLiteral && !type.IsEnum && field.FieldType != typeof(string)
        where IsKernelSpelling(field.Name) || type.Name.EndsWith("Abi", StringComparison.Ordinal)
            || s_aliases.ContainsKey(field.Name)
        select field;

    private static bool IsKernelSpelling(string name) =>
        name.Length > 2
        && name.All(letter => char.IsAsciiLetterUpper(letter) || char.IsAsciiDigit(letter) || letter == '_');

    /// <summary>Structs that the kernel or libbpf reads or writes.</summary>
    private static IEnumerable<Type> KernelStructs() =>
        typeof(XdpSocket).Assembly.GetTypes().Where(type =>
            type.IsValueType && !type.IsEnum && !type.IsDefined(typeof(CompilerGeneratedAttribute))
            && !type.IsDefined(typeof(InlineArrayAttribute)) // only as a field of others
            && (type.Namespace == typeof(Sys).Namespace
                || type == typeof(XdpDescriptor) || type == typeof(XdpStatistics)));

    private static int SizeOf(Type type) =>
        (int)typeof(Unsafe).GetMethod(nameof(Unsafe.SizeOf))!.MakeGenericMethod(type).Invoke(null, null)!;

    private static int OffsetOf(Type type, FieldInfo field) => (int)Marshal.OffsetOf(type, field.Name);
}
