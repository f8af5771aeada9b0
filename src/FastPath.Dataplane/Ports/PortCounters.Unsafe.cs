using System;
using System.Runtime.InteropServices;
using System.Threading;

namespace FastPath.Dataplane.Ports;

/// <summary>What one port counts. Written by its worker; read by anyone.</summary>
public enum PortCounter
{
    RxPackets,
    RxBytes,
    TxPackets,
    TxBytes,

    /// <summary>
    /// Packets the device refused after taking them from the ring (EBUSY): receiver full, peer down, too long.
    /// </summary>
    TxDeviceDropped,

    /// <summary>Transmit calls.</summary>
    TxCalls,

    /// <summary>Calls that ended with EAGAIN.</summary>
    TxAgain,

    /// <summary>Calls that ended with ENOBUFS.</summary>
    TxNoMemory,

    /// <summary>Calls that found the device down (ENETDOWN).</summary>
    TxDeviceDown,

    /// <summary>Calls that found the socket unbound (ENXIO).</summary>
    TxUnbound,

    /// <summary>Calls with any other result.</summary>
    TxUnexpected,

    /// <summary>Received packets with more descriptors or bytes than a packet may have, dropped.</summary>
    RxOversized,

    /// <summary>Times the UMEM had no free chunk for the fill ring.</summary>
    RxNoFrame,

    /// <summary>Addresses the kernel returned that are none of ours: a kernel or FastPath fault.</summary>
    BadCompletion,

    /// <summary>
    /// Received chunks that we had not posted, which are left alone, or whose bytes lie outside of them: a kernel or
    /// FastPath fault.
    /// </summary>
    BadReceive,
}

/// <summary>The counters of one port, in native memory on lines of their own.</summary>
[PerWorker]
public sealed unsafe class PortCounters : IDisposable
{
    private static readonly int s_count = Enum.GetValues<PortCounter>().Length;
    private ulong* _words = (ulong*)NativeMemory.AlignedAlloc((nuint)(s_count * sizeof(ulong)), 128);

    public PortCounters() => NativeMemory.Clear(_words, (nuint)(s_count * sizeof(ulong)));

    // SAFETY: the enum's values are the indices of the array.
    public ref ulong this[PortCounter counter] => ref _words[(int)counter];

    /// <summary>A counter as another thread sees it; 0 once the port is gone.</summary>
    public ulong Read(PortCounter counter) => _words == null ? 0 : Volatile.Read(ref _words[(int)counter]);

    public void Dispose()
    {
        NativeMemory.AlignedFree(_words);
        _words = null;
    }
}
