using System;

namespace FastPath.Xdp.Netlink;

/// <summary>
/// Reads and changes the kernel's networking of one namespace: devices, addresses, routes, neighbours. For the control
/// plane: every call is one exchange with the kernel, from any thread, one after the other.
/// </summary>
/// <remarks>
/// Errors are <see cref="NetlinkException"/>, which names the operation, the device and the kernel's own reason.
/// Needs CAP_NET_ADMIN in the namespace for changes; reading needs nothing.
/// </remarks>
[Control]
public sealed class Rtnetlink : IDisposable
{
    private readonly NetlinkSocket _socket;

    private Rtnetlink(NetlinkSocket socket)
    {
        _socket = socket;
        Links = new KernelLinks(socket);
        Addresses = new KernelAddresses(socket);
        Routes = new KernelRoutes(socket);
        Neighbors = new KernelNeighbors(socket);
    }

    public KernelLinks Links { get; }

    public KernelAddresses Addresses { get; }

    public KernelRoutes Routes { get; }

    public KernelNeighbors Neighbors { get; }

    /// <summary>Opens a client in a namespace; null is the calling thread's.</summary>
    public static Rtnetlink Open(NetworkNamespace? space = null) => new(NetlinkSocket.Open(space));

    public void Dispose() => _socket.Dispose();
}
