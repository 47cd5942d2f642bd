namespace Vprox.WireGuard;

/// <summary>Names that the kernel takes for an interface and that are safe as part of a socket's path.</summary>
internal static class InterfaceName
{
    /// <summary>IFNAMSIZ without the terminating zero (linux/if.h).</summary>
    private const int MaxLength = 15;

    /// <summary>Throws unless it is 1..15 letters, digits and "._=-", not beginning with a dot or a dash. The kernel's dev_valid_name takes more, wg-quick(8) no more.</summary>
    public static void Require(string name)
    {
        if (name.Length is 0 or > MaxLength || name[0] is '.' or '-' || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '=' or '-'))
            throw new ArgumentException($"\"{name}\" is not an interface name: 1 to {MaxLength} letters, digits and ._=-", nameof(name));
    }
}
