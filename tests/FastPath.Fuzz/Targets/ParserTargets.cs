using System;
using System.Collections.Generic;
using FastPath.Net;

namespace FastPath.Fuzz.Targets;

/// <summary>ARP: only whole, well-formed messages are valid.</summary>
internal sealed class ArpTarget : Target
{
    public override string Name => "arp";

    public override IReadOnlyList<byte[]> Seeds { get; } = Corpus.Behind(14, frame => frame[12] == 8 && frame[13] == 6);

    public override void Run(byte[] input)
    {
        if (input.Length < ArpPacket.Size)
            return;
        ArpPacket arp = Wire.Read<ArpPacket>(input);
        bool isEthernetIp4 = input.AsSpan(0, 6).SequenceEqual((byte[])[0, 1, 8, 0, 6, 4]);
        bool isRight = isEthernetIp4 && input[6] == 0 && (input[7] is 1 or 2) && (input[8] & 1) == 0;
        Require(arp.IsValid == isRight, $"valid: {arp.IsValid}, by bytes {isRight}");
    }
}

/// <summary>IPv4 options against a parser that lists them.</summary>
internal sealed class Ip4OptionsTarget : Target
{
    public override string Name => "ip4-options";

    public override IReadOnlyList<byte[]> Seeds { get; } =
        [[1, 1, 1, 0], [7, 7, 4, 0, 0, 0, 0, 0], [131, 7, 4, 10, 0, 0, 1, 0], [68, 8, 5, 0, 0, 0, 0, 0], [148, 4, 0, 0]];

    public override void Run(byte[] input)
    {
        byte[] options = input[..Math.Min(input.Length, 40)];
        bool isGood = true;
        Queue<byte> left = new(options);
        while (isGood && left.TryDequeue(out byte kind) && kind != 0)
        {
            if (kind == 1)
                continue;
            isGood = kind is not (131 or 137) && left.TryDequeue(out byte length) && length >= 2 && left.Count >= length - 2
                && Skip(left, length - 2);
        }

        Require(Ipv4Options.AreAcceptable(options) == isGood, $"acceptable: {!isGood}, listed {isGood}");
    }

    private static bool Skip(Queue<byte> bytes, int count)
    {
        while (count-- > 0)
            bytes.Dequeue();
        return true;
    }
}

/// <summary>IPv6 extension headers: the walk stays inside the packet and every header it passes has its length.</summary>
internal sealed class Ip6ExtensionsTarget : Target
{
    public override string Name => "ip6-extensions";

    public override IReadOnlyList<byte[]> Seeds { get; } = Corpus.Behind(14, frame => frame[12] == 0x86 && frame[13] == 0xDD);

    public override void Run(byte[] input)
    {
        if (input.Length < Ipv6Header.Size)
            return;
        Ipv6Walk walk = Ipv6Extensions.Walk(input);
        if (walk.Status != Ipv6WalkStatus.Ok)
            return;
        Require(walk.Offset >= Ipv6Header.Size && walk.Offset <= input.Length, $"offset {walk.Offset} of {input.Length}");
        Require((walk.Offset - Ipv6Header.Size) % 4 == 0, "headers are whole words");
        Require(walk.FragmentHeader == 0 || walk.FragmentHeader + 8 <= walk.Offset, "the fragment header is passed");
        Require(!walk.IsFragment || walk.FragmentHeader != 0, "a fragment has a header");
        Require(walk.FragmentOffset != 0 || !Ipv6Extensions.IsExtension(walk.Protocol), "it ends behind the extensions");
    }
}

/// <summary>Neighbor discovery options: what is found lies in the message.</summary>
internal sealed class NdOptionsTarget : Target
{
    public override string Name => "nd-options";

    public override IReadOnlyList<byte[]> Seeds { get; } =
        [[1, 1, 2, 0, 0, 0, 0, 10], [14, 1, 1, 2, 3, 4, 5, 6, 2, 1, 2, 0, 0, 0, 0, 11], [5, 1, 0, 0, 0, 0, 5, 0xDC], [1, 0, 0, 0], [3, 4]];

    public override void Run(byte[] input)
    {
        bool found = NdOptions.TryFindLinkLayer(input, NdLinkLayerOption.SourceType, out MacAddress mac, out bool valid);
        Require(valid || !found, "nothing is found in a malformed message");
        Require(!found || HoldsOption(input, [1, 1, .. Sim.Reference.Bytes.Of(6, mac.Value)]), "the address is in an option");
        int length = 0;
        while (length < input.Length && length + 1 < input.Length && input[length + 1] != 0)
            length += input[length + 1] * 8;
        Require(valid == (length == input.Length), $"valid: {valid}, the lengths add to {length} of {input.Length}");
    }

    private static bool HoldsOption(ReadOnlySpan<byte> message, ReadOnlySpan<byte> option)
    {
        for (int at = 0; at + option.Length <= message.Length; at += 8)
            if (message.Slice(at, option.Length).SequenceEqual(option))
                return true;
        return false;
    }
}

/// <summary>The flow hash takes any bytes, and both directions of a flow have one hash.</summary>
internal sealed class FlowHashTarget : Target
{
    public override string Name => "flow-hash";

    public override IReadOnlyList<byte[]> Seeds => Corpus.Frames;

    public override void Run(byte[] input)
    {
        uint hash = FlowHash.Of(input);
        bool isPlain = input.Length >= 38 && input[12] == 8 && input[13] == 0 && input[14] == 0x45;
        if (!isPlain)
            return;
        byte[] back = [.. input[6..12], .. input[..6], .. input[12..26], .. input[30..34], .. input[26..30], .. input[36..38],
            .. input[34..36], .. input[38..]];
        bool hasPorts = (input[23] is 6 or 17 or 132) && ((input[20] & 0x3F) | input[21]) == 0;
        Require(!hasPorts || FlowHash.Of(back) == hash, "both directions hash alike");
    }
}

/// <summary>Addresses and prefixes as text: what parses prints as something that parses to the same.</summary>
internal sealed class AddressTextTarget : Target
{
    public override string Name => "addresses";

    public override IReadOnlyList<byte[]> Seeds { get; } = [.. Array.ConvertAll<string, byte[]>(
        ["10.0.0.1", "255.255.255.255", "fe80::1", "2001:db8::1:0:0:1", "::ffff:192.0.2.1", "::", "10.0.0.0/8", "2001:db8::/32",
            "02:00:00:00:00:0a", "010.0.0.1", "1.2.3", "::1::", "fd00::1/64", "0.0.0.0/0", "ff-ff-ff-ff-ff-ff"],
        System.Text.Encoding.ASCII.GetBytes)];

    public override void Run(byte[] input)
    {
        string text = System.Text.Encoding.Latin1.GetString(input);
        if (IpAddress.TryParse(text, out IpAddress address))
        {
            Require(IpAddress.TryParse(address.ToString(), out IpAddress again) && again == address, $"address {text}");
            Require(System.Net.IPAddress.TryParse(text, out _), $"System.Net refuses {text}");
        }

        if (IpPrefix.TryParse(text, out IpPrefix prefix))
            Require(IpPrefix.TryParse(prefix.ToString(), out IpPrefix same) && same == prefix, $"prefix {text}");
        if (MacAddress.TryParse(text, out MacAddress mac))
            Require(MacAddress.TryParse(mac.ToString(), out MacAddress equal) && equal == mac, $"MAC address {text}");
    }
}
