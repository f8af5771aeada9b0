using System;
using System.Collections.Generic;
using System.Threading;
using FastPath.Xdp.Interop;
using Tmds.Linux;

namespace FastPath.Xdp.Netlink;

/// <summary>
/// One NETLINK_ROUTE socket with request and answer: sequence numbers, acknowledgements, dumps of many datagrams. Calls
/// from any thread, carried out one after the other.
/// </summary>
[Control]
internal sealed class NetlinkSocket : IDisposable
{
    /// <summary>The kernel fills at most 32 KiB of a dump at a time (netlink_dump).</summary>
    private const int BufferBytes = 1 << 16;

    /// <summary>
    /// A table that changes while it is dumped is read again. Each try is a consistent one or not, so tries are bounded
    /// only against a host that changes without pause.
    /// </summary>
    private const int DumpAttempts = 32;

    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(10);

    private readonly Lock _turn = new();
    private readonly byte[] _buffer = new byte[BufferBytes];
    private readonly int _socket;
    private uint _sequence;
    private bool _disposed;

    private NetlinkSocket(int socket) => _socket = socket;

    /// <summary>Turns an answer's payload into an object; null leaves it out.</summary>
    public delegate T? Parse<T>(ReadOnlySpan<byte> payload) where T : class;

    /// <summary>Opens a socket in a namespace; null is the calling thread's.</summary>
    public static NetlinkSocket Open(NetworkNamespace? space) =>
        new(space == null ? OpenHere() : space.Run(OpenHere));

    /// <summary>Sends a request that changes something and waits until the kernel has done it.</summary>
    /// <exception cref="NetlinkException">The kernel refused.</exception>
    public void Change(NetlinkWriter request, string operation, int ifIndex = 0)
    {
        lock (_turn)
        {
            Answer answer = Exchange<object>(request, operation, answerType: 0, static _ => null, into: null);
            if (answer.Errno != 0)
                throw new NetlinkException(WithDevice(operation, ifIndex), answer.Errno, answer.Message);
        }
    }

    /// <summary>Asks for one object: null when the kernel says that it does not exist.</summary>
    public T? Get<T>(NetlinkWriter request, string operation, ushort answerType, Parse<T> parse) where T : class
    {
        lock (_turn)
        {
            List<T> found = [];
            Answer answer = Exchange(request, operation, answerType, parse, found);
            if (answer.Errno == 0)
                return found.Count == 0 ? null : found[0];
            NetlinkException refused = new(operation, answer.Errno, answer.Message);
            return refused.IsNotFound ? null : throw refused;
        }
    }

    /// <summary>Asks for a whole table; reads it again when the kernel says that it changed meanwhile.</summary>
    /// <remarks>
    /// CAVEAT: the kernel does not always say so. Linux 6.18 unlinks an IPv4 address before it counts the change, so a
    /// dump in between can miss another address (seen under load), and neighbours are not counted at all. Who mirrors a
    /// table dumps it again from time to time.
    /// </remarks>
    public List<T> Dump<T>(Func<NetlinkWriter> request, string operation, ushort answerType, Parse<T> parse)
        where T : class
    {
        lock (_turn)
        {
            for (int attempt = 0; attempt < DumpAttempts; attempt++)
            {
                List<T> table = [];
                Answer answer = Exchange(request(), operation, answerType, parse, table);
                if (answer.Errno != 0)
                    throw new NetlinkException(operation, answer.Errno, answer.Message);
                if (!answer.Interrupted)
                    return table;
            }

            throw new NetlinkException($"{operation}: it changed during each of {DumpAttempts} readings", 0);
        }
    }

    public void Dispose()
    {
        lock (_turn)
        {
            if (_disposed)
                return;
            _disposed = true;
            Sys.Close(_socket);
        }
    }

    private static int OpenHere()
    {
        int socket = Sys.Socket(NetlinkAbi.AF_NETLINK, LibC.SOCK_RAW, NetlinkAbi.NETLINK_ROUTE);
        int result = Sys.Bind(socket, new SockaddrNl { Family = NetlinkAbi.AF_NETLINK });
        if (result != 0)
        {
            Sys.Close(socket);
            throw new XdpException("binding a netlink socket", -result);
        }

        // Old kernels lack some of these; then errors have no text and the kernel filters less.
        _ = Sys.SetOption(socket, NetlinkAbi.SOL_NETLINK, NetlinkAbi.NETLINK_EXT_ACK, 1);
        _ = Sys.SetOption(socket, NetlinkAbi.SOL_NETLINK, NetlinkAbi.NETLINK_CAP_ACK, 1);
        _ = Sys.SetOption(socket, NetlinkAbi.SOL_NETLINK, NetlinkAbi.NETLINK_GET_STRICT_CHK, 1);
        _ = NetSys.SetReceiveTimeout(socket, AnswerTimeout);
        return socket;
    }

    private Answer Exchange<T>(
        NetlinkWriter request, string operation, ushort answerType, Parse<T> parse, List<T>? into)
        where T : class
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        uint sequence = ++_sequence;
        int sent = NetSys.Send(_socket, request.Finish(sequence));
        if (sent < 0)
            throw new NetlinkException(operation, -sent);
        bool interrupted = false;
        while (true)
        {
            NetlinkReader reader = new(ReceiveFromKernel(operation));
            while (reader.MoveNext())
            {
                NlMsgHdr header = reader.Header;
                if (header.Sequence != sequence)
                    continue; // the rest of an exchange that was given up
                interrupted |= (header.Flags & NetlinkAbi.NLM_F_DUMP_INTR) != 0;
                if (header.Type is NetlinkAbi.NLMSG_ERROR or NetlinkAbi.NLMSG_DONE)
                    return Answer.Read(header, reader.Payload) with { Interrupted = interrupted };
                if (header.Type == answerType && parse(reader.Payload) is { } parsed)
                    into?.Add(parsed);
            }
        }
    }

    private ReadOnlySpan<byte> ReceiveFromKernel(string operation)
    {
        while (true)
        {
            int received = NetSys.Receive(_socket, _buffer, wait: true, out SockaddrNl sender);
            if (received == -LibC.EINTR)
                continue;
            if (received == -LibC.EAGAIN)
                throw new NetlinkException($"{operation}: no answer in {AnswerTimeout.TotalSeconds} s", 0);
            if (received < 0)
                throw new NetlinkException($"{operation}: receiving the answer", -received);
            if (received > _buffer.Length)
                throw new NetlinkFormatException($"an answer of {received} bytes");
            if (sender.PortId == 0)
                return _buffer.AsSpan(0, received);
            // Anybody may send to a netlink socket; only port 0 is the kernel.
        }
    }

    private string WithDevice(string operation, int ifIndex)
    {
        if (ifIndex == 0)
            return operation;
        try
        {
            List<KernelLink> found = [];
            Exchange(KernelLinks.GetRequest(ifIndex), operation, NetlinkAbi.RTM_NEWLINK, KernelLink.Parse, found);
            return found.Count == 0
                ? $"{operation}, device with index {ifIndex} (gone)"
                : $"{operation}, device {found[0].Name} (index {ifIndex})";
        }
        catch (NetlinkException)
        {
            return $"{operation}, device with index {ifIndex}"; // the first error is the one to report
        }
    }

    /// <summary>How an exchange ended.</summary>
    internal readonly record struct Answer(int Errno, string? Message, bool Interrupted)
    {
        /// <summary>Reads NLMSG_ERROR or NLMSG_DONE; both start with 0 or a negative errno.</summary>
        public static Answer Read(NlMsgHdr header, ReadOnlySpan<byte> payload)
        {
            // DONE of a dump carries the number alone; some senders leave even that out.
            if (header.Type == NetlinkAbi.NLMSG_DONE && payload.Length < sizeof(int))
                return default;
            int error = NetlinkBytes.Read<int>(payload);
            if (error > 0 || error == int.MinValue)
                throw new NetlinkFormatException($"an error number of {error}");
            return new Answer(-error, error == 0 ? null : Text(header, payload), Interrupted: false);
        }

        private static string? Text(NlMsgHdr header, ReadOnlySpan<byte> payload)
        {
            if ((header.Flags & NetlinkAbi.NLM_F_ACK_TLVS) == 0)
                return null;
            AttributeReader attributes = new(payload[StartOfAttributes(header, payload)..]);
            while (attributes.MoveNext())
                if (attributes.Type == NetlinkAbi.NLMSGERR_ATTR_MSG)
                    return attributes.Text();
            return null;
        }

        private static int StartOfAttributes(NlMsgHdr header, ReadOnlySpan<byte> payload)
        {
            if (header.Type == NetlinkAbi.NLMSG_DONE)
                return sizeof(int);
            long start = NetlinkBytes.SizeOf<NlMsgErr>();
            if ((header.Flags & NetlinkAbi.NLM_F_CAPPED) == 0) // the whole request is quoted
                start += (long)NetlinkBytes.Read<NlMsgErr>(payload).Request.Length - NetlinkBytes.SizeOf<NlMsgHdr>();
            start = (start + 3) & ~3L;
            return start >= 0 && start <= payload.Length
                ? (int)start
                : throw new NetlinkFormatException($"attributes at {start} of {payload.Length} bytes");
        }
    }
}
