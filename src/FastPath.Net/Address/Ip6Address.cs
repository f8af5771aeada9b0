namespace FastPath.Net;

public readonly record struct Ip6Address(ulong High, ulong Low);
