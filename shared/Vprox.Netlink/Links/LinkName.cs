using System.Text;

namespace Vprox.Netlink;

/// <summary>Rules for interface names (dev_valid_name in net/core/dev.c).</summary>
internal static class LinkName
{
    /// <summary>Throws for what the kernel would refuse or, worse, take for something else: % makes it choose a number.</summary>
    public static string Check(string name)
    {
        var valid = name.Length > 0 && Encoding.UTF8.GetByteCount(name) <= LinkAttribute.NameLength
            && name is not ("." or "..")
            && !name.Any(character => character is '/' or ':' or '%' or '\0' || char.IsWhiteSpace(character));
        return valid ? name : throw new ArgumentException($"\"{name}\" is not an interface name", nameof(name));
    }
}
