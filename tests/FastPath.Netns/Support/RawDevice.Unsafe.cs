using System;
using System.Runtime.InteropServices;
using Tmds.Linux;

namespace FastPath.Netns.Support;

/// <summary>A packet socket on one device of a namespace: puts exact frames on the wire and takes them from it.</summary>
internal sealed unsafe class RawDevice : IDisposable
{
    private const int AF_PACKET = 17;
    private const ushort ETH_P_ALL = 0x0003;

    private readonly int _socket;

    public RawDevice(Space space, string device)
    {
        int index = space.IndexOf(device);
        _socket = space.Handle.Run(() => LibC.socket(AF_PACKET, LibC.SOCK_RAW | LibC.SOCK_CLOEXEC | LibC.SOCK_NONBLOCK,
            BitConverter.IsLittleEndian ? ETH_P_ALL << 8 : ETH_P_ALL));
        Address address = new() { Family = AF_PACKET, Protocol = ETH_P_ALL << 8, Index = index };
        if (_socket < 0 || LibC.bind(_socket, (sockaddr*)&address, (uint)sizeof(Address)) != 0)
            throw new InvalidOperationException($"packet socket on {device}: errno {LibC.errno}");
    }

    /// <summary>Sends one frame; false when the device refuses it.</summary>
    public bool TrySend(ReadOnlySpan<byte> frame)
    {
        fixed (byte* data = frame)
            return (long)LibC.send(_socket, data, (size_t)(ulong)frame.Length, 0) == frame.Length;
    }

    /// <summary>Takes a frame that arrived, waiting for it at most so long; empty when none came.</summary>
    public byte[] Receive(int waitMs)
    {
        pollfd poll = new() { fd = _socket, events = LibC.POLLIN };
        if (LibC.poll(&poll, 1, waitMs) <= 0)
            return [];
        byte[] buffer = new byte[65_536];
        fixed (byte* data = buffer)
        {
            long length = (long)LibC.recv(_socket, data, (size_t)(ulong)buffer.Length, 0);
            return length <= 0 ? [] : buffer[..(int)length];
        }
    }

    /// <summary>sendto without MSG_DONTWAIT, which FastPath never makes: errno.</summary>
    public static int SendWithoutFlags(int socket) => LibC.sendto(socket, null, 0, 0, null, 0) < 0 ? LibC.errno : 0;

    public void Dispose() => _ = LibC.close(_socket);

    /// <summary>struct sockaddr_ll.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Address
    {
        public ushort Family;
        public ushort Protocol;
        public int Index;
        private readonly ushort _hardwareType;
        private readonly byte _packetType;
        private readonly byte _addressLength;
        private readonly ulong _address;
    }
}
