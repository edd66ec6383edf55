package gitlab

import (
	"math"
	"strconv"
	"strings"

	"github.com/statuschecks/statuschecks/internal/lazy"
)

// colorNames are the names of colours in CSS, each before its value.
const colorNames = "" +
	"black 000000 silver c0c0c0 gray 808080 white ffffff maroon 800000 red ff0000 purple 800080 fuchsia ff00ff " +
	"green 008000 lime 00ff00 olive 808000 yellow ffff00 navy 000080 blue 0000ff teal 008080 aqua 00ffff " +
	"orange ffa500 aliceblue f0f8ff antiquewhite faebd7 aquamarine 7fffd4 azure f0ffff beige f5f5dc bisque ffe4c4 " +
	"blanchedalmond ffebcd blueviolet 8a2be2 brown a52a2a burlywood deb887 cadetblue 5f9ea0 chartreuse 7fff00 " +
	"chocolate d2691e coral ff7f50 cornflowerblue 6495ed cornsilk fff8dc crimson dc143c darkblue 00008b " +
	"darkcyan 008b8b darkgoldenrod b8860b darkgray a9a9a9 darkgreen 006400 darkgrey a9a9a9 darkkhaki bdb76b " +
	"darkmagenta 8b008b darkolivegreen 556b2f darkorange ff8c00 darkorchid 9932cc darkred 8b0000 " +
	"darksalmon e9967a darkseagreen 8fbc8f darkslateblue 483d8b darkslategray 2f4f4f darkslategrey 2f4f4f " +
	"darkturquoise 00ced1 darkviolet 9400d3 deeppink ff1493 deepskyblue 00bfff dimgray 696969 dimgrey 696969 " +
	"dodgerblue 1e90ff firebrick b22222 floralwhite fffaf0 forestgreen 228b22 gainsboro dcdcdc ghostwhite f8f8ff " +
	"gold ffd700 goldenrod daa520 greenyellow adff2f grey 808080 honeydew f0fff0 hotpink ff69b4 indianred cd5c5c " +
	"indigo 4b0082 ivory fffff0 khaki f0e68c lavender e6e6fa lavenderblush fff0f5 lawngreen 7cfc00 " +
	"lemonchiffon fffacd lightblue add8e6 lightcoral f08080 lightcyan e0ffff lightgoldenrodyellow fafad2 " +
	"lightgray d3d3d3 lightgreen 90ee90 lightgrey d3d3d3 lightpink ffb6c1 lightsalmon ffa07a lightseagreen 20b2aa " +
	"lightskyblue 87cefa lightslategray 778899 lightslategrey 778899 lightsteelblue b0c4de lightyellow ffffe0 " +
	"limegreen 32cd32 linen faf0e6 mediumaquamarine 66cdaa mediumblue 0000cd mediumorchid ba55d3 " +
	"mediumpurple 9370db mediumseagreen 3cb371 mediumslateblue 7b68ee mediumspringgreen 00fa9a " +
	"mediumturquoise 48d1cc mediumvioletred c71585 midnightblue 191970 mintcream f5fffa mistyrose ffe4e1 " +
	"moccasin ffe4b5 navajowhite ffdead oldlace fdf5e6 olivedrab 6b8e23 orangered ff4500 orchid da70d6 " +
	"palegoldenrod eee8aa palegreen 98fb98 paleturquoise afeeee palevioletred db7093 papayawhip ffefd5 " +
	"peachpuff ffdab9 peru cd853f pink ffc0cb plum dda0dd powderblue b0e0e6 rosybrown bc8f8f royalblue 4169e1 " +
	"saddlebrown 8b4513 salmon fa8072 sandybrown f4a460 seagreen 2e8b57 seashell fff5ee sienna a0522d " +
	"skyblue 87ceeb slateblue 6a5acd slategray 708090 slategrey 708090 snow fffafa springgreen 00ff7f " +
	"steelblue 4682b4 tan d2b48c thistle d8bfd8 tomato ff6347 turquoise 40e0d0 violet ee82ee wheat f5deb3 " +
	"whitesmoke f5f5f5 yellowgreen 9acd32 rebeccapurple 663399"

var valueOfColor = func() map[string]string {
	values, words := map[string]string{}, strings.Fields(colorNames)
	for i := 0; i+1 < len(words); i += 2 {
		values[words[i]] = "#" + words[i+1]
	}
	return values
}()

var colorForm = lazy.Regexp(`^#(?:[0-9A-Fa-f]{3}){1,2}$`)

// ColorOf is the colour that a text names, by its value or by its name in CSS. It is empty if the text names none.
//
// Source: lib/gitlab/color.rb.
func ColorOf(text string) string {
	text = strings.TrimSpace(text)
	if value, known := valueOfColor[strings.ToLower(text)]; known {
		return value
	}
	if colorForm().MatchString(text) {
		return text
	}
	return ""
}

// TextColor is the colour of text on a label: dark on a light colour, else white.
//
// Source: lib/gitlab/color.rb.
func (l Label) TextColor() string {
	const white, dark = 1.0, 0.0137
	luminance := luminanceOf(l.Color)
	onWhite, onDark := (white+0.05)/(luminance+0.05), (luminance+0.05)/(dark+0.05)
	if onWhite >= 2.4 || onWhite > onDark {
		return "#FFFFFF"
	}
	return "#1F1E24"
}

// luminanceOf is the relative luminance of a colour as WCAG 2.1 defines it.
func luminanceOf(color string) float64 {
	digits := strings.TrimPrefix(color, "#")
	if len(digits) == 3 {
		digits = string([]byte{digits[0], digits[0], digits[1], digits[1], digits[2], digits[2]})
	}
	n, err := strconv.ParseUint(digits, 16, 32)
	if err != nil {
		return 0
	}
	part := func(shift uint, weight float64) float64 {
		v := float64(n>>shift&0xff) / 255
		if v <= 0.03928 {
			return weight * v / 12.92
		}
		return weight * math.Pow((v+0.055)/1.055, 2.4)
	}
	return part(16, 0.2126) + part(8, 0.7152) + part(0, 0.0722)
}
