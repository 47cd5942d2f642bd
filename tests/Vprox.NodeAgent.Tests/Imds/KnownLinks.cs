using Vprox.NodeAgent.Adapters.Links;

namespace Vprox.NodeAgent.Tests.Imds;

/// <summary>Links of a kernel that is not the subject.</summary>
internal sealed class KnownLinks(params (string Mac, string Name)[] links) : ILinkNames
{
    public IReadOnlyDictionary<string, string> ByMacAddress() => links.ToDictionary(link => link.Mac, link => link.Name);
}
