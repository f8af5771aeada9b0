using System;
using System.IO;
using System.Runtime.ExceptionServices;
using System.Threading;
using FastPath.Xdp.Interop;

namespace FastPath.Xdp.Netlink;

/// <summary>
/// A handle on a network namespace. It keeps the namespace alive until disposed, also when its name or its last
/// process is gone.
/// </summary>
[Control]
public sealed class NetworkNamespace : IDisposable
{
    /// <summary>Where iproute2 and container engines mount namespaces by name.</summary>
    public const string NamesDirectory = "/run/netns";

    private readonly (ulong Device, ulong Inode) _identity;
    private bool _disposed;

    private NetworkNamespace(string name, int descriptor)
    {
        Name = name;
        Descriptor = descriptor;
        if (!NetSys.TryIdentify(descriptor, out _identity))
            throw new XdpException($"reading the identity of network namespace {name}", 0);
    }

    /// <summary>What it was opened by: a name or a path; for people.</summary>
    public string Name { get; }

    /// <summary>File descriptor of the namespace; for IFLA_NET_NS_FD and setns.</summary>
    public int Descriptor { get; }

    /// <summary>Inode number of the namespace, as <c>ls -l /proc/PID/ns</c> shows it.</summary>
    public ulong Inode => _identity.Inode;

    /// <summary>Opens a namespace.</summary>
    /// <param name="nameOrPath">A name in /run/netns, or an absolute path such as /proc/1234/ns/net.</param>
    /// <exception cref="XdpException">There is none, or it may not be opened.</exception>
    public static NetworkNamespace Open(string nameOrPath)
    {
        ArgumentException.ThrowIfNullOrEmpty(nameOrPath);
        int descriptor = NetSys.OpenRead(PathOf(nameOrPath));
        return descriptor >= 0
            ? new NetworkNamespace(nameOrPath, descriptor)
            : throw new XdpException($"opening network namespace {nameOrPath}", -descriptor);
    }

    /// <summary>The namespace of the calling thread.</summary>
    public static NetworkNamespace Current() => Open("/proc/thread-self/ns/net");

    /// <summary>Whether both handles mean the same namespace, whatever they were opened by.</summary>
    public bool IsSameAs(NetworkNamespace other) => _identity == other._identity;

    /// <summary>Runs an action inside; see <see cref="Run{T}"/>.</summary>
    public void Run(Action action) => Run(() =>
    {
        action();
        return true;
    });

    /// <summary>
    /// Runs a function on a thread of its own that enters the namespace first and ends afterwards. Sockets opened there
    /// belong to the namespace for ever. Blocks until the function returned; its exceptions come through.
    /// </summary>
    /// <remarks>
    /// Never on a thread of the pool: the namespace is a property of a thread, and the thread's next user would find
    /// itself elsewhere. The same holds inside: do not start tasks that outlive the function.
    /// </remarks>
    public T Run<T>(Func<T> function)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        T result = default!;
        ExceptionDispatchInfo? failure = null;
        Thread thread = new(() =>
        {
            try
            {
                Enter();
                result = function();
            }
            catch (Exception e)
            {
                failure = ExceptionDispatchInfo.Capture(e);
            }
        })
        { IsBackground = true, Name = "fp-netns" };
        thread.Start();
        thread.Join();
        failure?.Throw();
        return result;
    }

    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        Sys.Close(Descriptor);
    }

    public override string ToString() => Name;

    private void Enter()
    {
        int result = NetSys.EnterNetworkNamespace(Descriptor);
        if (result != 0)
            throw new XdpException($"entering network namespace {Name} (CAP_SYS_ADMIN?)", -result);
    }

    private static string PathOf(string nameOrPath)
    {
        if (Path.IsPathRooted(nameOrPath))
            return nameOrPath;
        if (nameOrPath.Contains('/') || nameOrPath is "." or "..")
            throw new ArgumentException($"neither a name nor an absolute path: '{nameOrPath}'", nameof(nameOrPath));
        return Path.Combine(NamesDirectory, nameOrPath);
    }
}
