using System.Net;

namespace Vprox.NodeAgent.Core.Peers;

/// <summary>What a tunnel would like where no Allocator decides.</summary>
/// <param name="Blocks">Port blocks, 0 for none: it shares the rest of the ports with others.</param>
/// <param name="Preferred">Inner addresses that it had before, perhaps on another host: with them its connections go on.</param>
public sealed record PortWish(int Blocks, IReadOnlyList<IPAddress> Preferred);
