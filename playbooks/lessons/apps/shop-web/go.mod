module slipway/shop-web

go 1.26
