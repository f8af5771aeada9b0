using System.Collections.Generic;

namespace FastPath.Api;

/// <summary>
/// The whole configuration: what the file says, what GET and PUT /api/v1/config exchange. Everything is text or
/// number as the operator wrote it; fastpathd validates it (all errors at once, each with a path to the field).
///
/// Treat every configuration record as immutable: the one in force is shared between threads; change a copy with
/// "with". The properties have setters only because the generated JSON reader would overwrite the defaults of init
/// properties with zeros.
/// </summary>
public sealed record ConfigDocument
{
    /// <summary>Workers and memory; read at start only.</summary>
    public SystemConfig? System { get; set; }

    /// <summary>Dedicated ports by name: a device, or a veth created into a container's namespace.</summary>
    public IReadOnlyDictionary<string, PortConfig> Ports { get; set; } = new Dictionary<string, PortConfig>();

    /// <summary>Devices shared with the kernel by name: FastPath takes only what the configuration claims.</summary>
    public IReadOnlyDictionary<string, UplinkConfig> Uplinks { get; set; } = new Dictionary<string, UplinkConfig>();

    /// <summary>Local VXLAN tunnel end points by name.</summary>
    public IReadOnlyDictionary<string, VtepConfig> Vteps { get; set; } = new Dictionary<string, VtepConfig>();

    /// <summary>Bridge domains by name.</summary>
    public IReadOnlyDictionary<string, BridgeConfig> Bridges { get; set; } = new Dictionary<string, BridgeConfig>();

    /// <summary>Static forwarding database entries.</summary>
    public IReadOnlyList<FdbConfig> Fdb { get; set; } = [];

    public IReadOnlyList<RouteConfig> Routes { get; set; } = [];

    /// <summary>Static neighbors.</summary>
    public IReadOnlyList<NeighborConfig> Neighbors { get; set; } = [];

    /// <summary>The link between host and FastPath; none when absent.</summary>
    public PuntConfig? Punt { get; set; }
}

/// <summary>Workers and memory. A change needs a restart and is refused while running.</summary>
public sealed record SystemConfig
{
    /// <summary>Workers, 1..16.</summary>
    public int Workers { get; set; } = 1;

    /// <summary>Processor of each worker; absent leaves them to the scheduler.</summary>
    public IReadOnlyList<int>? Processors { get; set; }

    /// <summary>Chunks of one packet memory, a power of two, 1,024..262,144.</summary>
    public int ChunkCount { get; set; } = 16_384;

    /// <summary>Bytes of one chunk: 2304, 4032, 2048 or 4096.</summary>
    public int ChunkBytes { get; set; } = 4_032;

    /// <summary>Entries of the forwarding database of all bridges, a power of two.</summary>
    public int FdbEntries { get; set; } = 65_536;

    /// <summary>Neighbors of all interfaces, a power of two.</summary>
    public int NeighborEntries { get; set; } = 16_384;

    /// <summary>Microseconds a worker looks at empty rings before it sleeps.</summary>
    public int SpinMicroseconds { get; set; } = 20;

    /// <summary>Kernel features to do without, by name (docs/KERNELS.md); for tests and for operators.</summary>
    public IReadOnlyList<string> RefuseFeatures { get; set; } = [];
}
