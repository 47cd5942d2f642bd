using System.Globalization;
using System.Text;
using System.Xml.Linq;
using Vprox.Lab.Cloud.State;

namespace Vprox.Lab.Cloud.Ec2;

/// <summary>One page of a paginated Describe*: MaxResults 5..1000 items and a token for the rest.</summary>
public static class Page
{
    private const int Smallest = 5;
    private const int Largest = 1000;

    /// <summary>The items of this page and the nextToken element, if more follow.</summary>
    public static (IReadOnlyList<T> Items, XElement? NextToken) Of<T>(IReadOnlyList<T> all, Ec2Request request)
    {
        var size = request.Number("MaxResults");
        if (size is < Smallest or > Largest)
            throw new Ec2Exception(Ec2Error.InvalidParameterValue(
                $"Value ( {size} ) for parameter maxResults is invalid. Expecting a value between {Smallest} and {Largest}."));
        var start = request.Text("NextToken") is { } token ? Offset(token) : 0;
        var items = all.Skip(start).Take(size ?? Largest).ToList();
        var end = start + items.Count;
        return (items, end < all.Count ? new XElement("nextToken", Token(end)) : null);
    }

    private static string Token(int offset) => Convert.ToBase64String(Encoding.ASCII.GetBytes($"page:{offset}"));

    private static int Offset(string token)
    {
        try
        {
            var text = Encoding.ASCII.GetString(Convert.FromBase64String(token));
            return int.Parse(text.AsSpan("page:".Length), NumberStyles.None, CultureInfo.InvariantCulture);
        }
        catch (Exception exception) when (exception is FormatException or ArgumentOutOfRangeException or OverflowException)
        {
            throw new Ec2Exception(new Ec2Error("InvalidNextToken", "The specified nextToken is not valid."));
        }
    }
}
