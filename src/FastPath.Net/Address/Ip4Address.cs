namespace FastPath.Net;

public readonly record struct Ip4Address(uint Value);
