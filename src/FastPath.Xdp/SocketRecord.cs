using System.Runtime.InteropServices;

namespace FastPath.Xdp;

/// <summary>
/// What a process that inherits a socket cannot ask the kernel for: sizes of the rings, what was granted, and how far
/// transmit has come. 32 bytes in the header page of the UMEM's memory file.
/// </summary>
/// <remarks>Written once by the process that opens the socket, except the tail, which the socket's worker writes.</remarks>
[StructLayout(LayoutKind.Sequential)]
[Shared]
public struct SocketRecord
{
    /// <summary>SO_COOKIE of the socket: finds its record again. 0 marks a free record, so it is written last.</summary>
    public ulong Cookie;

    /// <summary>Index of the oldest TX slot in flight (<see cref="TxRing"/>).</summary>
    internal uint TxTail;

    /// <summary>Device the socket is bound to.</summary>
    public int IfIndex;

    /// <summary>Features the kernel granted.</summary>
    public KernelFeature Granted;

    /// <summary>Port of the switch; 0 for the anchor.</summary>
    public ushort Port;

    /// <summary>Queue of the device.</summary>
    public ushort Queue;

    private byte _rx;
    private byte _tx;
    private byte _fill;
    private byte _completion;
    private readonly uint _reserved;

    /// <summary>Ring sizes; kept as powers of two, 0 for a ring that does not exist.</summary>
    internal readonly XdpSocketOptions ToOptions() => new()
    {
        Port = Port,
        RxEntries = Size(_rx),
        TxEntries = Size(_tx),
        FillEntries = Size(_fill),
        CompletionEntries = Size(_completion),
    };

    internal static SocketRecord For(XdpSocketOptions options) => new()
    {
        Port = options.Port,
        _rx = Order(options.RxEntries),
        _tx = Order(options.TxEntries),
        _fill = Order(options.FillEntries),
        _completion = Order(options.CompletionEntries),
    };

    private static byte Order(int entries) =>
        entries == 0 ? (byte)0 : (byte)(System.Numerics.BitOperations.Log2((uint)entries) + 1);

    private static int Size(byte order) => order == 0 ? 0 : 1 << (order - 1);
}
