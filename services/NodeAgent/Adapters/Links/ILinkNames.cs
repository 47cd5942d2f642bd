namespace Vprox.NodeAgent.Adapters.Links;

/// <summary>The kernel's network links, by the MAC address that IMDS knows them by.</summary>
public interface ILinkNames
{
    /// <summary>MAC address (lower case, colons) → name of the link, up or not.</summary>
    IReadOnlyDictionary<string, string> ByMacAddress();
}
